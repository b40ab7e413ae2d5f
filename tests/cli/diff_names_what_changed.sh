# diff compares two images of any origin: packages, files, configuration and sizes; status 1 when
# they differ.
source "$PARE_SOURCE/tests/support/lib.sh"
mkdir -p "$work/tree/etc"
echo one >"$work/tree/etc/app.conf"
make_key archive
make_deb app 1.0 "$work/tree"
make_deb old 1.0
make_repository
definition app old
build
mv "$work/image" "$work/before"
pare diff "oci:$work/before" "oci:$work/before"
prints "the same, sha256:"

rm "$work"/pool/*
echo two >"$work/tree/etc/app.conf"
touch "$work/tree/etc/more.conf"
mkdir -p "$work/tree/usr/share/doc/app"
printf 'app (1.1) stable; urgency=low\n\n  * It is blue.\n\napp (1.0) stable; urgency=low\n\n  * First.\n' |
    gzip -9n >"$work/tree/usr/share/doc/app/changelog.gz"
make_deb app 1.1 "$work/tree"
make_deb new 3.0
make_repository
definition app new
echo "environment: {COLOUR: red}" >>"$work/image.yaml"
build
mv "$work/image" "$work/after"
expect 1 pare diff "oci:$work/before" "oci:$work/after"
for line in "~  app  1.0 -> 1.1" "-  old  1.0" "+  new  3.0" "~  /etc/app.conf" "+  /etc/more.conf" "environment COLOUR none -> red" "compressed"; do
    prints "$line"
done
expect 1 pare diff "oci:$work/before" "oci:$work/after" --json
jq -e '.same == false and (.platforms[0] |
    ([.packages[] | "\(.change) \(.name) \(.before) \(.after)"] == ["changed app 1.0 1.1", "added new  3.0", "removed old 1.0 "]) and
    (.files | any(.path == "/etc/app.conf" and .change == "changed" and (.differing | any(.what == "content")))) and
    (.files | any(.path == "/usr/share/doc/old/copyright" and .change == "removed")) and
    (.config | any(.what == "environment COLOUR" and .before == "" and .after == "red")) and
    .sizes.before.layers >= 1)' "$work/stdout" >/dev/null || fail "the JSON says otherwise: $(<"$work/stdout")"
pare diff "oci:$work/after" "oci:$work/after" --json
jq -e '.same' "$work/stdout" >/dev/null || fail "an image differs from itself"
expect 1 pare diff "oci:$work/before" "oci:$work/after" --debs "$work/pool"
prints "changelog of app"
prints "* It is blue."
! grep -q "First" "$work/stdout" || fail "the changelog goes further back than the first image"
expect 2 pare diff "oci:$work/before" "oci:$work/after" --debs "$work/nowhere"
expect 2 pare diff "oci:$work/before"
expect 4 pare diff "oci:$work/before" "oci:$work/nowhere"
one_error
