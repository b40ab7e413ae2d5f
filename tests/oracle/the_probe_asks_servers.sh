# The health-check probe of every architecture: its size, that it needs nothing, and its verdict on
# servers of Python that answer well, badly, slowly or not at all. Others than this machine's run
# under qemu-user.
source "$PARE_SOURCE/tests/support/lib.sh"
command -v readelf >/dev/null || skip "readelf (binutils) is not there"
declare -A qemu=([amd64]=x86_64 [arm64]=aarch64 [armhf]=arm [ppc64el]=ppc64le [riscv64]=riscv64 [s390x]=s390x)
declare -A machine=([amd64]=X86-64 [arm64]=AArch64 [armhf]=ARM [ppc64el]=PowerPC64 [riscv64]=RISC-V [s390x]=S/390)
# The same sources in another place make the same bytes.
mkdir -p "$work/copy/src"
cp -r "$PARE_SOURCE/tools" "$work/copy/"
cp -r "$PARE_SOURCE/src/probe" "$work/copy/src/"
skipped=
for architecture in amd64 arm64 armhf ppc64el riscv64 s390x; do
    probe=$PARE_BUILD/probe/$architecture
    size=$(stat -c %s "$probe")
    ((size <= 4096)) || fail "the probe for $architecture has $size bytes"
    readelf -hlW "$probe" >"$work/elf" 2>"$work/complaints"
    [[ ! -s $work/complaints ]] || fail "readelf complains: $(cat "$work/complaints")"
    grep -q "Machine:.*${machine[$architecture]}" "$work/elf" || fail "$architecture is another machine's"
    grep -q 'Type:.*EXEC' "$work/elf" || fail "$architecture is no static program"
    ! grep -qE 'INTERP|DYNAMIC|RWE' "$work/elf" || fail "$architecture needs a loader, or can write its code"
    (cd "$work/copy" && tools/make-probe clang++-19 "$architecture" "$work/again") || fail "$architecture cannot be built"
    cmp "$probe" "$work/again" || fail "$architecture is not reproducible"

    command=("$probe")
    if [[ $(uname -m) != "${qemu[$architecture]}" ]]; then
        command -v "qemu-${qemu[$architecture]}-static" >/dev/null || {
            skipped+=" $architecture"
            continue
        }
        command=("qemu-${qemu[$architecture]}-static" "$probe")
    fi
    mkdir "$work/$architecture"
    echo "$architecture, $size bytes:"
    python3 "$support/probe_cases.py" "$work/$architecture" "${command[@]}" || fail "the probe for $architecture"
done
[[ -z $skipped ]] || echo "not run, because qemu-user-static is not there:$skipped"
