# The same lock gives the same digest from a cold and a warm store, with other thread counts, umask,
# locale, directory and clock, for the real cc.
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
pare lock cc --arch amd64 -o "$work/lock.json"
build_cc() {
    rm -rf "$work/image"
    "${prefix[@]}" "$PARE" build cc --arch amd64 --locked --lock "$work/lock.json" -o "$work/image" --tag cc "$@" >/dev/null
    jq -r '.manifests[0].digest' "$work/image/index.json"
}
prefix=()
wanted=$(build_cc --jobs 1)
forget() { rm -rf "$PARE_STORE"/{manifests,parts,members,layers,blobs,images}/*; }
[[ $(build_cc --jobs 8) == "$wanted" ]] || fail "hot"
forget
[[ $(build_cc --jobs 8) == "$wanted" ]] || fail "eight jobs"
forget
prefix=(env LC_ALL=C TZ=Asia/Tokyo faketime '2031-02-03 04:05:06')
[[ $(umask 077 && cd / && build_cc --jobs 2) == "$wanted" ]] || fail "umask, locale, directory, clock"
