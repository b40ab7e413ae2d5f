# What push and pull are given in the wrong order, or without saying where it is.
source "$PARE_SOURCE/tests/support/registry.sh"
make_layout "$work/image" app >/dev/null
expect 2 pare push "$work/image" 127.0.0.1:1/app:1
expect 2 pare push image 127.0.0.1:1/app:1
says "use oci:image[:TAG] for a layout"
expect 2 pare push "oci:$work/image" "oci:$work/other"
expect 2 pare pull "oci:$work/image" -o "$work/other"
says "is not in a registry"
expect 2 pare pull 127.0.0.1:1/app:1 -o "$work/other" --ca "$work/none"
expect 2 pare pull 127.0.0.1:1/app:1 -o "$work/other" --plain-http http://x
mkdir "$work/full" && touch "$work/full/file"
expect 2 pare pull 127.0.0.1:1/app:1 -o "$work/full"
says "something other than an OCI layout"
