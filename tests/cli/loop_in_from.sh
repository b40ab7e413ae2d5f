# Definitions that come from each other are told as a loop.
source "$PARE_SOURCE/tests/support/lib.sh"
echo "from: ./b.yaml" >"$work/a.yaml"
echo "from: ./a.yaml" >"$work/b.yaml"
expect 2 pare build "$work/a.yaml" -o "$work/image"
one_error
says "a.yaml"
says "b.yaml"
nothing_written "$work/image"
