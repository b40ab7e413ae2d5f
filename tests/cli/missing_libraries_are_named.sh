# A program whose libraries are not in the image is refused before anything is written, with the
# slice or package that has them.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
mkdir -p "$work/library/usr/lib/x86_64-linux-gnu" "$work/program/usr/bin" "$work/slices"
echo 'int answer(void) { return 42; }' >"$work/answer.c"
gcc -shared -fPIC -nostdlib -Wl,-soname,libanswer.so.1 -o "$work/library/usr/lib/x86_64-linux-gnu/libanswer.so.1" "$work/answer.c"
echo 'int answer(void); void _start(void) { answer(); for (;;) {} }' >"$work/program.c"
gcc -nostdlib -o "$work/program/usr/bin/program" "$work/program.c" "$work/library/usr/lib/x86_64-linux-gnu/libanswer.so.1" \
    -Wl,--dynamic-linker=/usr/lib/x86_64-linux-gnu/libanswer.so.1
[[ $(uname -m) == x86_64 ]] || skip "the test's programs are for amd64"
make_deb libanswer1 1.0 "$work/library"
make_deb program 1.0 "$work/program" "Depends: libanswer1"
make_repository
cat >"$work/slices/libanswer1.yaml" <<'END'
package: libanswer1
slices:
  runtime: {include: [usr/share/doc/**]}
  libs: {include: [usr/lib/*/libanswer.so.1]}
END
image_of() {
    cat >"$work/image.yaml" <<END
contents:
  repositories: ['deb [signed-by=$work/archive.gpg] http://repo.invalid/ stable main']
  packages: [$1]
  ${2:-}
END
    rm -rf "$work/image"
}
image_of program
build
image_of program 'slices: [slices]'
expect 2 build
one_error
says "/usr/bin/program"
says "needs libanswer.so.1"
says "add libanswer1_libs to contents.packages"
nothing_written "$work/image"
image_of 'program, libanswer1_libs' 'slices: [slices]'
build
# The same of a user's own file.
image_of '' "files: [{from: $work/program/usr/bin/program, to: /usr/bin/program}]"
expect 2 build
one_error
says "/usr/bin/program (the files of image.yaml) needs libanswer.so.1"
