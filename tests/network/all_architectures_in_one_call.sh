# Six architectures of cc come from one call, as one index. Where the mirror serves an index that is
# not the one its own signed Release names (it is in the middle of an update), pare refuses it; that
# architecture is then left out by name, and the others must come, amd64 and arm64 in any case.
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
declare -A debian=([amd64]=amd64 [arm64]=arm64 [arm/v7]=armhf [s390x]=s390x [ppc64le]=ppc64el [riscv64]=riscv64)
left=(all)
while ! pare build cc "${left[@]/#/--arch=}" -o "$work/image" --tag cc; do
    says "does not hold what it should"
    before=${#debian[@]}
    for architecture in "${!debian[@]}"; do
        grep -q "binary-${debian[$architecture]}/" "$work/stderr" || continue
        echo "left out: $architecture, whose index the mirror serves wrong"
        unset "debian[$architecture]"
    done
    ((${#debian[@]} == before - 1)) || fail "which architecture was it?"
    left=("${!debian[@]}")
done
index=$(jq -r '.manifests[0].digest' "$work/image/index.json")
platforms=$(jq -r '.manifests[].platform | .architecture' "$work/image/blobs/sha256/${index#sha256:}" | sort | xargs)
wanted=$(printf '%s\n' "${!debian[@]}" | sed 's,/.*,,' | sort | xargs)
[[ $platforms == "$wanted" ]] || fail "platforms: $platforms instead of $wanted"
[[ " $platforms " == *" amd64 "* && " $platforms " == *" arm64 "* ]] || fail "amd64 or arm64 is not there"
