# Six architectures of cc come from one call, as one index.
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
pare build cc --arch all -o "$work/image" --tag cc
index=$(jq -r '.manifests[0].digest' "$work/image/index.json")
platforms=$(jq -r '.manifests[].platform | .architecture + (.variant // "")' "$work/image/blobs/sha256/${index#sha256:}" | sort | xargs)
[[ $platforms == "amd64 arm64v8 armv7 ppc64le riscv64 s390x" ]] || fail "platforms: $platforms"
