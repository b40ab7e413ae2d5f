# skopeo, umoci and podman read what pare writes, in all formats; the OCI schemas hold.
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
pare build base --arch amd64 -o "$work/layout" --tag base
pare build base --arch amd64 -o "$work/base.oci.tar" --format oci-archive --tag base
pare build base --arch amd64 -o "$work/base.docker.tar" --format docker-archive --tag localhost/base:latest
pare build base --arch amd64 -o "$work/zstd" --compression zstd --tag base
for image in "oci:$work/layout" "oci-archive:$work/base.oci.tar" "docker-archive:$work/base.docker.tar" "oci:$work/zstd"; do
    skopeo inspect "$image" >"$work/inspect.json" || fail "skopeo cannot read $image"
    [[ $(jq -r .Architecture "$work/inspect.json") == amd64 ]] || fail "$image: wrong architecture"
    skopeo copy -q "$image" "dir:$work/copy" || fail "skopeo cannot copy $image"
    rm -rf "$work/copy"
done
unpack "$work/layout" base "$work/bundle"
python3 "$support/check_schemas.py" "$work/layout" "${PARE_FIXTURES:-$PARE_SOURCE/../shared/fixtures}/schemas/oci"
[[ $(id -u) == 0 ]] || skip "podman needs root here"
podman --root "$work/podman" --runroot "$work/podman-run" --storage-driver vfs load -q -i "$work/base.docker.tar" ||
    fail "podman cannot load the docker archive"
podman --root "$work/podman" --runroot "$work/podman-run" --storage-driver vfs load -q -i "$work/base.oci.tar" ||
    fail "podman cannot load the OCI archive"
