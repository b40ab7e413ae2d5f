# Every image of the family, every variant, both releases, amd64 and arm64, from the real archive.
# Each release image is walked: no shell, no package manager, no interpreter but its own, no setuid
# file, nothing that others may write but /tmp; what must be there is there, passwd and group to the
# byte; and it is no larger than it should be. Of Java, which is large, only amd64 and no kits.
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
make_nodejs
walk() {
    local count=$1 distribution=$2 out=$work/out
    shift 2
    pare build "$@" "${nodejs[@]}" --distribution "$distribution" -o "$out"
    python3 "$support/walk_family.py" "$out" "${distribution#debian:}" "$count"
    rm -rf "$out"
}
for distribution in debian:12 debian:13; do
    walk 32 "$distribution" static base-nossl base cc --variant all --arch amd64,arm64
    walk 8 "$distribution" nodejs22 --variant all --arch amd64,arm64
    walk 8 "$distribution" nodejs24 --variant all --arch amd64,arm64
    walk 24 "$distribution" python3 nodejs java-base --variant all --arch amd64,arm64
done
walk 2 debian:12 java17 --variant latest,nonroot --arch amd64
walk 4 debian:13 java21 java25 --variant latest,nonroot --arch amd64

pare build --family --list
for row in "cc-debian12:debug-nonroot .*ppc64le" "java21-debian13:latest .*riscv64" "static-debian13:nonroot .*arm/v7"; do
    grep -q "^$row" "$work/stdout" || fail "the matrix lacks $row"
done
! grep -q "java21-debian12\|static-debian12.*riscv64" "$work/stdout" || fail "the matrix has too much"
