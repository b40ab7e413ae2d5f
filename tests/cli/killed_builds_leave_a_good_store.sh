# kill -9 at twenty random moments, each followed by a build that is good, in the same store.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
mkdir -p "$work/tree/usr/share"
for number in 1 2 3 4 5 6; do
    head -c 900000 /dev/urandom >"$work/tree/usr/share/noise-$number"
    make_deb "hello$number" 1.0 "$work/tree"
done
make_repository
definition hello1 hello2 hello3 hello4 hello5 hello6
build
wanted=$(digest)
RANDOM=4711
for _ in $(seq 20); do
    rm -rf "$work/image"
    # What was made is forgotten, so that there is something to interrupt; packages stay or not.
    rm -rf "$work"/store/{manifests,parts,members,layers,blobs,images}/*
    ((RANDOM % 2)) && rm -rf "$work"/store/packages/*
    "$PARE" build "$work/image.yaml" -o "$work/image" --arch amd64 \
        --rewrite "http://repo.invalid/=file://$work/repo/" >/dev/null 2>&1 &
    victim=$!
    sleep "0.$(printf '%03d' $((RANDOM % 250)))"
    kill -9 "$victim" 2>/dev/null || true
    wait "$victim" 2>/dev/null || true
    [[ -z $(find "$work/image/blobs" -type f ! -name '.tmp-*' 2>/dev/null | while read -r blob; do
        [[ $(sha256sum "$blob" | cut -d' ' -f1) == "$(basename "$blob")" ]] || echo "$blob"
    done) ]] || fail "a half-written blob has its final name"
    build
    [[ $(digest) == "$wanted" ]] || fail "the build after a kill differs"
done
