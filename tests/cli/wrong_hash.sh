# A package that is not what the index says is refused, by its hash.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb hello 1.0
make_repository
definition hello
printf 'X' | dd of="$(ls "$work"/repo/pool/hello_*.deb)" bs=1 seek=200 conv=notrunc status=none
expect 4 build
one_error
says "hello"
nothing_written "$work/image"
