# A typing error in a definition is told with its place and the nearest key.
source "$PARE_SOURCE/tests/support/lib.sh"
printf 'contents:\n  packges: [hello]\n' >"$work/image.yaml"
expect 2 pare build "$work/image.yaml" -o "$work/image"
one_error
says "image.yaml:2:3"
says "packages"
nothing_written "$work/image"
