# A good signature by a key that the source does not name counts for nothing.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_key stranger
make_deb hello 1.0
make_repository stranger
definition hello
expect 4 build
one_error
says "key"
nothing_written "$work/image"
