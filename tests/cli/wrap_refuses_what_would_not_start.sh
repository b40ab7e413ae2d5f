# pare wrap takes a program and the libraries that it needs from packages, and nothing else; it says who needs what; and it
# refuses, with the reason and the mend, what would fail once the container starts.
source "$PARE_SOURCE/tests/support/lib.sh"
[[ $(uname -m) == x86_64 ]] || skip "the programs are made for amd64"
make_key archive
triplet=x86_64-linux-gnu
cc=${CC:-gcc}
mkdir "$work/src"
echo 'int one(void) { return 1; }' >"$work/src/one.c"
echo 'int one(void); int two(void) { return one() + 1; }' >"$work/src/two.c"
echo 'int two(void); int main(void) { return two() - 2; }' >"$work/src/main.c"
echo 'int main(void) { return 0; }' >"$work/src/plain.c"

# library NAME SONAME SOURCE [FLAGS...]: below $work/NAME, where packages have it.
library() {
    local directory=$work/tree-$1/usr/lib/$triplet
    mkdir -p "$directory"
    "$cc" -shared -fPIC -nostdlib "-Wl,-soname,$2" "$work/src/$3" -o "$directory/$2.0" "${@:4}"
    ln -sf "$2.0" "$directory/$2"
}
library one libone.so.1 one.c
library two libtwo.so.1 two.c "$work/tree-one/usr/lib/$triplet/libone.so.1"
# The C library and its loader, as packages of the archive have them.
mkdir -p "$work/tree-c/usr/lib/$triplet" "$work/tree-c/usr/lib64"
cp -L "/lib/$triplet/libc.so.6" "$work/tree-c/usr/lib/$triplet/"
cp -L /lib64/ld-linux-x86-64.so.2 "$work/tree-c/usr/lib/$triplet/"
ln -s "../lib/$triplet/ld-linux-x86-64.so.2" "$work/tree-c/usr/lib64/ld-linux-x86-64.so.2"
make_deb libc6 2.36-9 "$work/tree-c" "Depends: needless"
make_deb libone1 1.0 "$work/tree-one" "Depends: libc6"
make_deb libtwo1 1.0 "$work/tree-two" "Depends: libone1, helper"
make_deb base-files 12 ; make_deb helper 1.0 ; make_deb needless 1.0
make_repository
# Contents of the archive, as Debian has them.
(cd "$work" && for deb in pool/*.deb; do
    name=$(dpkg-deb -f "$deb" Package)
    dpkg-deb --fsys-tarfile "$deb" | tar -t | sed -n "s|^\./\(.*[^/]\)$|\1 libs/$name|p"
done | sort >"$work/repo/dists/stable/main/Contents-amd64")
gzip -9nk "$work/repo/dists/stable/main/Contents-amd64"
sign_release archive
"$cc" "$work/src/main.c" -o "$work/program" -L"$work/tree-two/usr/lib/$triplet" -l:libtwo.so.1 \
    -Wl,-rpath-link,"$work/tree-one/usr/lib/$triplet"
"$cc" -static "$work/src/plain.c" -o "$work/static"

# wrap FILE [OPTIONS...]: with packages of the archive made above.
wrap() {
    pare wrap "$@" --repository "deb [signed-by=$work/archive.gpg] http://repo.invalid/ stable main" --distribution debian:12 \
        --refresh --rewrite "http://repo.invalid/=file://$work/repo/"
}

# Just the libraries that are needed, and theirs; a dependency of which nothing is needed stays out.
expect 0 wrap "$work/program" -o "$work/image" --write-definition "$work/again.yaml"
expect 0 pare show files "oci:$work/image"
for path in usr/bin/program "usr/lib/$triplet/libtwo.so.1.0" "usr/lib/$triplet/libone.so.1.0" "usr/lib/$triplet/libc.so.6" \
    usr/lib64/ld-linux-x86-64.so.2 etc/ld.so.cache etc/passwd var/lib/dpkg/status.d/libone1; do
    grep -q " /$path" "$work/stdout" || fail "$path is not there"
done
if grep -qE "helper|needless|ca-certificates" "$work/stdout"; then fail "more than what is needed is there"; fi
expect 0 wrap "$work/program" --explain
prints "/usr/lib/$triplet/libone.so.1 (libone1): /usr/bin/program -> libtwo.so.1 -> libone.so.1"
prints "left out: helper"
expect 0 wrap "$work/program" --dry-run
prints "libtwo1"
expect 0 wrap "$work/program" --dry-run --json
prints '"needed_by": "/usr/bin/program"'
expect 2 wrap "$work/program"
says "needs --output"

# The definition that it writes gives the same image.
pare build "$work/again.yaml" --tag program:latest -o "$work/again" --rewrite "http://repo.invalid/=file://$work/repo/" ||
    fail "the definition cannot be built"
cmp "$work/image/index.json" "$work/again/index.json" || fail "the definition gives another image"

# A health check brings the probe that asks, and nothing else.
expect 0 wrap "$work/static" --healthcheck http://127.0.0.1:8080/healthz -o "$work/healthy"
expect 0 pare show files "oci:$work/healthy"
prints /usr/bin/pare-probe
expect 2 wrap "$work/static" --healthcheck http://elsewhere/ -o "$work/unhealthy"
one_error

# A static program needs no package but the skeleton.
expect 0 wrap "$work/static" -o "$work/static-image"
expect 0 pare show files "oci:$work/static-image"
if grep -q "ld-linux" "$work/stdout"; then fail "a static program got a loader"; fi

# refuses FILE MESSAGE HINT [OPTIONS...]: status 2, one error, nothing written.
refuses() {
    rm -rf "$work/refused"
    expect 2 wrap "$1" -o "$work/refused" "${@:4}"
    one_error
    says "$2"
    says "$3"
    nothing_written "$work/refused"
}
printf '#!/bin/sh\necho hi\n' >"$work/script"
refuses "$work/script" "is a script for /bin/sh" "images hold no shell"
echo text >"$work/text"
refuses "$work/text" "is no program" "for Linux"
head -c 2000 "$work/program" >"$work/short"
refuses "$work/short" "short" "damaged or cut short"
refuses "$work/nothing" "No such file" "that can be read"
ln -s loop "$work/loop"
refuses "$work/loop" "symbolic links" "that can be read"
refuses "$work/src" "there is no program" "a directory that has one"
"$cc" -c "$work/src/one.c" -o "$work/object.o"
refuses "$work/object.o" "is an object file" "link it"
refuses "$work/tree-one/usr/lib/$triplet/libone.so.1.0" "is a library, no program" "the program first"
# EI_CLASS of a 32-bit program, e_machine of one that nobody here builds for.
python3 - "$work" <<'END'
import sys
work = sys.argv[1]
program = bytearray(open(f"{work}/program", "rb").read())
other = program.copy()
other[18:20] = (8).to_bytes(2, "little")
open(f"{work}/mips", "wb").write(other)
musl = program.replace(b"/lib64/ld-linux-x86-64.so.2\0", b"/lib/ld-musl-x86_64.so.1\0\0\0\0")
open(f"{work}/musl", "wb").write(musl)
open(f"{work}/new", "wb").write(program.replace(b"GLIBC_2.34\0", b"GLIBC_9.99\0"))
END
refuses "$work/mips" "machine of number 8" "build it for amd64"
refuses "$work/musl" "was built against musl" "statically"
refuses "$work/new" "needs GLIBC_9.99 of libc.so.6, which libc6 2.36-9 does not have" "newer release"
refuses "$work/program" "needs libnone.so.3, which no package" "--distribution" --dlopen libnone.so.3
mkdir -p "$work/dist/bin"
cp "$work/static" "$work/dist/bin/a"
cp "$work/static" "$work/dist/bin/b"
refuses "$work/dist" "has 2 programs" "/app/dist/bin/a, /app/dist/bin/b"
expect 0 wrap "$work/dist" --entrypoint /app/dist/bin/a --dry-run
if [[ $(id -u) != 0 ]]; then
    cp "$work/static" "$work/closed"
    chmod 0 "$work/closed"
    refuses "$work/closed" "ermission denied" "that can be read"
fi
