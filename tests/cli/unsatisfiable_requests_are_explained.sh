# When nothing meets the request, the chain of reasons is told in apt's words.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb hello 1.0 "" "Depends: greeting (>= 3)"
make_deb greeting 2.1
make_repository
definition hello
expect 2 build
one_error
says "hello depends on greeting (>= 3)"
says "2.1"
definition helo
expect 2 build
says "hello"
