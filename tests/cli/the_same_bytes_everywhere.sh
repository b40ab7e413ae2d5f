# Other thread counts, a cold and a warm store, another umask, locale, directory, time zone, clock:
# one digest.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
mkdir -p "$work/tree/usr/share"
head -c 5000000 /dev/urandom >"$work/tree/usr/share/noise"
make_deb hello 1.0 "$work/tree" "Depends: world"
make_deb world 1.0
make_repository
definition hello
pare lock "$work/image.yaml" --arch amd64 -o "$work/lock.json" --rewrite "http://repo.invalid/=file://$work/repo/"
locked=(--locked --lock "$work/lock.json")
build "${locked[@]}" --jobs 1
wanted=$(digest)
same() {
    [[ $(digest) == "$wanted" ]] || fail "another digest: $1"
    rm -rf "$work/image"
}
build "${locked[@]}" --jobs 7 && same "warm store, 7 jobs"
rm -rf "$work/store"
build "${locked[@]}" --jobs 7 && same "cold store, 7 jobs"
rm -rf "$work/store"
(umask 077 && build "${locked[@]}") && same "umask"
rm -rf "$work/store"
LC_ALL=tr_TR.UTF-8 TZ=Asia/Tokyo build "${locked[@]}" && same "locale and time zone"
rm -rf "$work/store"
(mkdir "$work/elsewhere" && cd "$work/elsewhere" && build "${locked[@]}") && same "directory"
rm -rf "$work/store"
ASAN_OPTIONS=verify_asan_link_order=0 faketime '2031-02-03 04:05:06' "$PARE" build "$work/image.yaml" -o "$work/image" --arch amd64 "${locked[@]}" \
    --rewrite "http://repo.invalid/=file://$work/repo/" >/dev/null && same "clock"
