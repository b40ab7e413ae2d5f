# A package that is cut short is refused, and the next build with the whole one is good.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb hello 1.0
make_repository
definition hello
deb=$(ls "$work"/repo/pool/hello_*.deb)
cp "$deb" "$work/whole.deb"
truncate -s 300 "$deb"
status=0
build || status=$?
[[ $status == 3 || $status == 4 ]] || fail "status $status"
one_error
nothing_written "$work/image"
cp "$work/whole.deb" "$deb"
build
