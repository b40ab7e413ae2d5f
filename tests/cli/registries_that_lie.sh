# Bytes that are not what their digest says are refused, with status 4 and nothing written.
source "$PARE_SOURCE/tests/support/registry.sh"
digest=$(make_layout "$work/image" app)
cp -r "$work/image" "$work/damaged"
start_registry clean
clean=$registry

lies() {
    start_registry "$1" --fault "$2"
    expect 0 pare push "oci:$work/image" "$registry/app:1"
    expect 4 pare pull "$registry/app${3:-:1}" -o "$work/back-$1"
    one_error
    says "${4:-does not hold what it should}"
    nothing_written "$work/back-$1"
    expect 4 pare copy "$registry/app${3:-:1}" "$clean/$1:1"
    is_asked 0 clean '^PUT .*/manifests/'
}
lies blob 'GET */blobs/* flip'
lies manifest 'GET */manifests/* flip'
lies other "GET */manifests/* digest=sha256:$(printf '%064d' 1)"
lies pinned 'GET */manifests/* flip' "@$digest"

# A blob on disk that is not what its name says: the registry refuses it, and we say whose fault it is.
largest=$(cd "$work/damaged/blobs/sha256" && stat -c '%s %n' -- * | sort -n | tail -n 1 | cut -d' ' -f2)
printf 'x' | dd of="$work/damaged/blobs/sha256/$largest" bs=1 seek=1000 conv=notrunc status=none
start_registry good
expect 4 pare push "oci:$work/damaged" "$registry/app:1"
says "expected sha256:$largest"
is_asked 0 good '^PUT .*/manifests/'
