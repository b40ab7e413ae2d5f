# A full disk is told as such; when there is room again, the same store gives a good image.
source "$PARE_SOURCE/tests/support/lib.sh"
[[ $(id -u) == 0 ]] || skip "mounting a small file system needs root"
make_key archive
mkdir -p "$work/tree/usr/share" "$work/small"
head -c 3000000 /dev/urandom >"$work/tree/usr/share/noise"
make_deb hello 1.0 "$work/tree"
make_repository
definition hello
mount -t tmpfs -o size=4m none "$work/small" 2>/dev/null || skip "mount is not allowed here"
trap 'umount "$work/small"; finish' EXIT
expect 3 build --store "$work/small/store"
one_error
says "No space left on device"
nothing_written "$work/image"
mount -o remount,size=64m "$work/small"
build --store "$work/small/store"
