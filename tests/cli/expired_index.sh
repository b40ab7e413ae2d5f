# An index whose Valid-Until has passed is refused: an attacker may be replaying it.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb hello 1.0
make_repository
valid_until="Mon, 01 Jan 2024 00:00:00 UTC" sign_release archive
definition hello
expect 4 build
one_error
says "expired"
nothing_written "$work/image"
