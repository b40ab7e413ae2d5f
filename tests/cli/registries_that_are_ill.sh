# What may pass is tried again, when the registry says so; what does not pass is an error of the
# environment with the registry's own words.
source "$PARE_SOURCE/tests/support/registry.sh"
make_layout "$work/image" app >/dev/null
start_registry busy --fault 'PUT */uploads/* status=429 retry-after=1 times=1' --fault 'POST * status=503 times=1' \
    --fault 'HEAD */blobs/* status=500 times=1' --fault 'HEAD */manifests/* drop times=1' \
    --fault 'PUT */manifests/* status=502 times=1'
expect 0 pare push "oci:$work/image" "$registry/app:1"
expect 0 pare pull "$registry/app:1" -o "$work/back" -t app
same_blobs "$work/image" "$work/back"

start_registry full --fault 'PUT */uploads/* status=413'
expect 3 pare push "oci:$work/image" "$registry/app:1"
one_error
says "413 (TESTING: made to fail)"
is_asked 0 full '^PUT .*/manifests/'

start_registry closed --fault 'POST * status=403'
expect 3 pare push "oci:$work/image" "$registry/app:1"
says "403 Forbidden (TESTING: made to fail)"
says "pare login"

expect 3 pare push "oci:$work/image" 127.0.0.1:1/app:1
says "cannot reach http://127.0.0.1:1/"
