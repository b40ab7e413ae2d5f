# A connection that is cut at any byte of an upload costs what was under way, not the upload.
source "$PARE_SOURCE/tests/support/registry.sh"
make_layout "$work/image" app --layers 1 --size 300000 >/dev/null
size=$(stat -c %s "$work/image/blobs/sha256"/* | sort -n | tail -n 1)

for at in 0 1 2 65535 65536 150000 $((size - 1)); do
    start_registry "cut$at" --fault "PUT */blobs/uploads/* cut-upload=$at times=1"
    expect 0 pare push "oci:$work/image" "$registry/app:1"
    expect 0 pare pull "$registry/app:1" -o "$work/back$at" -t app
    same_blobs "$work/image" "$work/back$at"
done
# What had come was kept.
is_asked 1 cut150000 "^PATCH .* 202 $((size - 150000)) "

# A registry that forgets gets all of it again.
start_registry forgets --forget-cut --fault 'PUT */blobs/uploads/* cut-upload=100000 times=2'
expect 0 pare push "oci:$work/image" "$registry/app:1"
expect 0 pare pull "$registry/app:1" -o "$work/back" -t app
same_blobs "$work/image" "$work/back"
is_asked 0 forgets '^PATCH'

# The answer alone was lost: the blob is not sent again, but by libcurl itself, which takes a connection that it used before and
# that ends without an answer for one that had been closed all along.
start_registry deaf --fault 'PUT */blobs/uploads/* drop done times=1'
expect 0 pare push "oci:$work/image" "$registry/app:1"
[[ $(asked deaf "^PUT .*/blobs/uploads/.* $size ") -le 2 ]] || fail "the blob is sent again"
is_asked 1 deaf "^PUT .*/blobs/uploads/.* 201 $size "

# Cut without end: an error that names the host.
start_registry broken --forget-cut --fault 'PUT */blobs/uploads/* cut-upload=10'
expect 3 pare push "oci:$work/image" "$registry/app:1"
one_error
says "$registry does not answer: the "
is_asked 0 broken '^PUT .*/manifests/'
