# Every image of the family, every variant, both releases, amd64 and arm64, from the real archive.
# Each release image is walked: no shell, no package manager, no interpreter, no setuid file, nothing
# that others may write but /tmp; what must be there is there, passwd and group to the byte.
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
for distribution in debian:12 debian:13; do
    out=$work/${distribution/:/}
    pare build static base-nossl base cc --variant all --arch amd64 --arch arm64 --distribution "$distribution" -o "$out"
    python3 "$support/walk_family.py" "$out" "${distribution#debian:}"
    rm -rf "$out"
done
