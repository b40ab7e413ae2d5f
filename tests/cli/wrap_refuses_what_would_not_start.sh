# pare wrap takes a program and the libraries that it needs from packages, and nothing else; it says who needs what; and it
# refuses, with the reason and the mend, what would fail once the container starts.
source "$PARE_SOURCE/tests/support/lib.sh"
[[ $(uname -m) == x86_64 ]] || skip "the programs are made for amd64"
source "$PARE_SOURCE/tests/support/library_archive.sh"
# wrap FILE [OPTIONS...]: with packages of the archive made above.
wrap() {
    pare wrap "$@" --repository "$repository" --distribution debian:12 --refresh "${from_files[@]}"
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
pare build "$work/again.yaml" --tag program:latest -o "$work/again" "${from_files[@]}" ||
    fail "the definition cannot be built"
cmp "$work/image/index.json" "$work/again/index.json" || fail "the definition gives another image"

# A health check brings the probe that asks, and nothing else.
expect 0 wrap "$work/static" --healthcheck http://127.0.0.1:8080/healthz -o "$work/healthy"
expect 0 pare show files "oci:$work/healthy"
prints /usr/bin/pare-probe
expect 2 wrap "$work/static" --healthcheck http://elsewhere/ -o "$work/unhealthy"
one_error

# A port that only root may open is told, whoever names it.
for option in "--port 80" "--healthcheck http://127.0.0.1:80/"; do
    # shellcheck disable=SC2086  # two words
    expect 0 wrap "$work/static" $option --dry-run
    says "user 65532 may not listen on port 80"
done
expect 0 wrap "$work/static" --port 8080 --write-definition "$work/port.yaml"
grep -qF 'ports: ["8080"]' "$work/port.yaml" || fail "the definition has no port"

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
lost = program.replace(b"/lib64/ld-linux-x86-64.so.2\0", b"/lib64/ld-gone-x86-64.so.2\0\0")
open(f"{work}/lost", "wb").write(lost)
open(f"{work}/new", "wb").write(program.replace(b"GLIBC_2.34\0", b"GLIBC_9.99\0"))
END
refuses "$work/mips" "machine of number 8" "build it for amd64"
refuses "$work/lost" "needs /lib64/ld-gone-x86-64.so.2, which no package" "--distribution"
refuses "$work/program" "is for amd64, not for arm64" "leave --arch out" --arch arm64
echo 'void _start(void) { for (;;) {} }' >"$work/src/start.c"
clang-19 --target=i386-linux-gnu -ffreestanding -nostdlib -static -fuse-ld=lld "$work/src/start.c" -o "$work/i386"
refuses "$work/i386" "is a 32-bit program" "build it for amd64"
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
