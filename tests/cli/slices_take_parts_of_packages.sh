# NAME_SLICE takes a part of a package; the name alone stands for its runtime slice, or for all but
# documentation; dependencies that only left out files need are left out; a child takes further
# slices of a package of its parent; globs that match nothing are told; what a library of the image
# needs must be in it.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
tree=$work/tree
mkdir -p "$tree/usr/share/tool/extra" "$tree/usr/share/man/man1" "$tree/usr/bin" "$work/slices"
echo core >"$tree/usr/share/tool/core"
echo extra >"$tree/usr/share/tool/extra/file"
echo manual >"$tree/usr/share/man/man1/tool.1"
echo readme >"$tree/usr/share/tool/README"
make_deb tool 1.0 "$tree" "Depends: helper"
make_deb plain 1.0 "$tree" "Replaces: tool"
make_deb helper 1.0
make_repository
cat >"$work/slices/tool.yaml" <<'END'
package: tool
slices:
  runtime:
    include: [usr/share/tool/**]
    exclude: [usr/share/tool/extra/**, usr/share/tool/README]
    without: [helper]
  extra:
    include: [/usr/share/tool/extra/*]
  readme:
    include: [usr/share/tool/README]
    needs: [tool_extra]
END
sliced() {
    cat >"$work/image.yaml" <<END
contents:
  repositories: ['deb [signed-by=$work/archive.gpg] http://repo.invalid/ stable main']
  packages: [$(IFS=,; echo "$*")]
  slices: [slices]
END
    rm -rf "$work/image"
    build || return
    cp "$work/stderr" "$work/messages"
    pare show files "oci:$work/image"
}
holds() { grep -qE " $1( |$)" "$work/stdout" || fail "$1 is not there"; }
lacks() { ! grep -q "$1" "$work/stdout" || fail "$1 is there"; }
sliced tool
holds /usr/share/tool/core
holds /usr/share/doc/tool/copyright
lacks extra
lacks README
lacks helper
lacks man1
sliced tool_extra
holds /usr/share/tool/extra/file
lacks core
holds /var/lib/dpkg/status.d/helper
sliced tool tool_readme
holds /usr/share/tool/core
holds /usr/share/tool/extra/file
holds /usr/share/tool/README
sliced tool_all
holds /usr/share/man/man1/tool.1
holds /usr/share/tool/README
sliced plain
holds /usr/share/tool/README
lacks man1
grep -q warning "$work/messages" && fail "a warning without a reason"

# A child adds to what its parent has; the list of the package's files stays whole.
sliced tool
mv "$work/image.yaml" "$work/parent.yaml"
cat >"$work/image.yaml" <<'END'
from: ./parent.yaml
contents: {packages: [tool_extra]}
END
rm -rf "$work/image"
build
pare show files "oci:$work/image"
holds /usr/share/tool/core
holds /usr/share/tool/extra/file
lacks README
umoci unpack --rootless --image "$work/image:image:latest" "$work/bundle" >"$work/umoci" 2>&1 || fail "umoci: $(<"$work/umoci")"
(cd "$work/bundle/rootfs" && md5sum --quiet -c var/lib/dpkg/status.d/tool.md5sums) || fail "md5sums are wrong"
[[ $(wc -l <"$work/bundle/rootfs/var/lib/dpkg/status.d/tool.md5sums") == 3 ]] || fail "md5sums lists too little"

# A parent that took a part by globs does not have the package.
sliced '{package: tool, include: [usr/share/tool/README]}'
mv "$work/image.yaml" "$work/parent.yaml"
cat >"$work/image.yaml" <<'END'
from: ./parent.yaml
contents: {packages: [tool]}
END
rm -rf "$work/image" "$work/bundle"
build
pare show files "oci:$work/image"
holds /usr/share/tool/README
holds /usr/share/tool/core
lacks extra
umoci unpack --rootless --image "$work/image:image:latest" "$work/bundle" >"$work/umoci" 2>&1 || fail "umoci: $(<"$work/umoci")"
(cd "$work/bundle/rootfs" && md5sum --quiet -c var/lib/dpkg/status.d/tool.md5sums) || fail "md5sums are wrong"
grep -q README "$work/bundle/rootfs/var/lib/dpkg/status.d/tool.md5sums" || fail "md5sums forgets what the parent has"

# Mistakes.
expect 2 sliced tool_extras
one_error
says "tool_extra"
cat >>"$work/slices/tool.yaml" <<'END'
  typo:
    include: [usr/share/tool/core, usr/share/toll/*]
END
sliced tool_typo
grep -q "warning: .*usr/share/toll/\*" "$work/messages" || fail "nothing says that a glob matches nothing"
echo "  bad: {includes: [x]}" >>"$work/slices/tool.yaml"
expect 2 sliced tool
one_error
says "includes"
says "tool.yaml:"
