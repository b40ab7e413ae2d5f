# Six architectures of cc come from one call, as one index. Where the mirror serves an index that is
# not the one its own signed Release names (it is in the middle of an update), pare refuses it; that
# architecture is then left out by name, and the others must come.
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
declare -A debian=([amd64]=amd64 [arm64]=arm64 [arm/v7]=armhf [s390x]=s390x [ppc64le]=ppc64el [riscv64]=riscv64)
if ! pare build cc --arch all -o "$work/image" --tag cc; then
    says "does not hold what it should"
    for architecture in "${!debian[@]}"; do
        grep -q "binary-${debian[$architecture]}/" "$work/stderr" || continue
        echo "left out: $architecture, whose index the mirror serves wrong"
        unset "debian[$architecture]"
    done
    ((${#debian[@]} == 5)) || fail "which architecture was it?"
    left=("${!debian[@]}")
    pare build cc "${left[@]/#/--arch=}" -o "$work/image" --tag cc
fi
index=$(jq -r '.manifests[0].digest' "$work/image/index.json")
platforms=$(jq -r '.manifests[].platform | .architecture' "$work/image/blobs/sha256/${index#sha256:}" | sort | xargs)
wanted=$(printf '%s\n' "${!debian[@]}" | sed 's,/.*,,' | sort | xargs)
[[ $platforms == "$wanted" ]] || fail "platforms: $platforms instead of $wanted"
