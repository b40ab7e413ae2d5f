# A lock pins the packages: a locked build asks for no index and gives the same image when the
# archive has moved on; it is refused when the definition asks for something else, saying what.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb hello 1.0
make_deb world 1.0
make_repository
definition hello
rewrite=(--rewrite "http://repo.invalid/=file://$work/repo/")
pare lock "$work/image.yaml" --arch amd64 -o "$work/image.lock.json" "${rewrite[@]}"
build --locked --lock "$work/image.lock.json"
before=$(digest)
make_deb hello 1.1
make_repository
rm -rf "$work/repo/dists" "$work/image" "$work/store"
build --locked --lock "$work/image.lock.json"
[[ $(digest) == "$before" ]] || fail "the locked build differs"
definition hello world
expect 2 build --locked --lock "$work/image.lock.json"
one_error
says "world"

# Two definitions that ask for the same have each a lock of their own.
make_repository
definition hello
cp "$work/image.yaml" "$work/second.yaml"
for name in image second; do
    expect 0 pare lock "$work/$name.yaml" --arch amd64 --refresh "${rewrite[@]}"
    expect 0 pare build "$work/$name.yaml" --arch amd64 --locked -o "$work/both" "${rewrite[@]}"
done
