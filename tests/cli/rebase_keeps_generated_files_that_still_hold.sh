# An image that is derived from a definition has its layers of generated files: ld.so.cache over
# that of the base, a status.d entry for its own package. While the base's libraries keep their
# names, the base's cache stays the same and the image moves; a library more, and a rebuild is due.
source "$PARE_SOURCE/tests/support/rebase.sh"
mkdir -p "$work/other/usr/lib/$triplet"
echo 'int other(void) { return 0; }' >"$work/other.c"
gcc -shared -fPIC -nostdlib -Wl,-soname,libother.so.1 "$work/other.c" -o "$work/other/usr/lib/$triplet/libother.so.1"
make_deb libother1 1.0 "$work/other"
library 1 libanswer.so.1
program
base bases:old
cat >"$work/derived.yaml" <<'END'
from: base.yaml
contents:
  packages: [libother1]
  files: [{from: program, to: /usr/bin/program, mode: 0755}]
END
pare build "$work/derived.yaml" -o "$work/images" --tag derived --arch amd64 --refresh "${rewrite[@]}"
pare show files "oci:$work/images:derived"
prints /etc/ld.so.cache
[[ $(answer_of images:derived) == 1 ]] || fail "the image does not run"
library 2 libanswer.so.1
base bases:new
pare rebase "oci:$work/images:derived" --onto "oci:$work/bases:new" --base "oci:$work/bases:old" -o "$work/moved"
[[ $(answer_of moved:derived) == 2 ]] || fail "the image does not use the patched library"
pare show packages "oci:$work/moved:derived"
prints libother1
prints 1.2
mkdir -p "$work/more/usr/lib/$triplet"
gcc -shared -fPIC -nostdlib -Wl,-soname,libmore.so.1 "$work/other.c" -o "$work/more/usr/lib/$triplet/libmore.so.1"
library 3 libanswer.so.1
base bases:new
expect 1 pare rebase "oci:$work/images:derived" --onto "oci:$work/bases:new" --base "oci:$work/bases:old" -o "$work/none"
says "error: linux/amd64: overlap: /etc/ld.so.cache of the base was replaced by the image, and differs in the new base"
says "hint: rebuild the image on the new base"
nothing_written "$work/none"
