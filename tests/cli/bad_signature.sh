# An index that was changed after it was signed is refused, and nothing is written.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb hello 1.0
make_repository
definition hello
sed -i 's/^Suite: stable$/Suite: stable /; s/^Date: \(...\)/Date: \1/; s/^Components: main$/Components: main evil/' "$work/repo/dists/stable/InRelease"
expect 4 build
one_error
says "InRelease"
nothing_written "$work/image"
