# A list where a text is wanted is told with its place.
source "$PARE_SOURCE/tests/support/lib.sh"
printf 'contents:\n  packages: [hello]\nwork-dir: [a, b]\n' >"$work/image.yaml"
expect 2 pare build "$work/image.yaml" -o "$work/image"
one_error
says "image.yaml:3:11"
nothing_written "$work/image"
