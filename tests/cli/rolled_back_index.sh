# An index older than one that was seen before is refused, even when its signature is good.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb hello 1.0
make_repository
definition hello
build
before=$(digest)
sign_release archive -o "APT::FTPArchive::Release::Date=Mon, 01 Jan 2024 00:00:00 UTC"
expect 4 build
one_error
says "older"
[[ $(digest) == "$before" ]] || fail "the image of before was touched"
