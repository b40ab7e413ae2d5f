# An image of two packages is an OCI layout that skopeo and umoci read; it holds the files, the
# copyright and the status of the packages, and nothing of a package manager.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
mkdir -p "$work/tree/usr/bin" "$work/tree/etc"
printf 'hello\n' >"$work/tree/usr/bin/hello" && chmod 755 "$work/tree/usr/bin/hello"
make_deb hello 1.0 "$work/tree" "Depends: greeting (>= 2)"
make_deb greeting 2.1
make_repository
definition hello
build
skopeo inspect "oci:$work/image" >"$work/inspect"
umoci unpack --rootless --image "$work/image:$(skopeo inspect --raw "oci:$work/image" >/dev/null; jq -r '.manifests[0].annotations["org.opencontainers.image.ref.name"]' "$work/image/index.json")" "$work/bundle" >/dev/null
root=$work/bundle/rootfs
[[ $(cat "$root/usr/bin/hello") == hello && -x $root/usr/bin/hello ]] || fail "the program is not there"
grep -q '^Version: 2.1$' "$root/var/lib/dpkg/status.d/greeting" || fail "no status of the dependency"
(cd "$root" && md5sum --quiet -c var/lib/dpkg/status.d/hello.md5sums) || fail "md5sums do not hold"
[[ -f $root/usr/share/doc/greeting/copyright ]] || fail "no copyright"
