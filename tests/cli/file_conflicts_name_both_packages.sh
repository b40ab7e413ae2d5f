# Two packages with one path and different content are refused with both names; Replaces and
# identical content are accepted, as dpkg does.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
mkdir -p "$work/one/usr/share" "$work/two/usr/share"
echo one >"$work/one/usr/share/file"
echo two >"$work/two/usr/share/file"
make_deb first 1.0 "$work/one"
make_deb second 1.0 "$work/two"
make_deb same 1.0 "$work/one"
make_deb successor 1.0 "$work/two" "Replaces: first"
make_repository
definition first second
expect 2 build
one_error
says "/usr/share/file"
says "first"
says "second"
nothing_written "$work/image"
definition first same
build
definition first successor
build
pare show files "oci:$work/image"
[[ $(grep -c usr/share/file "$work/stdout") == 1 ]] || fail "the path is there more than once"
