# A dynamically linked C++ program runs in cc under runc as uid 65532 on a read-only root: libstdc++,
# threads, time zones, names from passwd, iconv, dlopen. The arm64 image runs under qemu-user.
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
g++ -std=c++20 -O1 -pthread -o "$work/probe" "$support/probe_program.cc" -ldl
printf 'from: cc:nonroot\ncontents:\n  repositories: [debian:12]\n  files:\n    - {from: probe, to: /usr/bin/probe}\n' >"$work/probe.yaml"
pare build "$work/probe.yaml" --arch amd64 -o "$work/image" --tag probe
[[ $(id -u) == 0 ]] || skip "umoci and runc need root here"
unpack "$work/image" probe "$work/bundle"
run_bundle "$work/bundle" /usr/bin/probe | tee "$work/probe.out"
grep -q '^all good, uid 65532$' "$work/probe.out" || fail "the program does not work in cc"

command -v qemu-aarch64-static >/dev/null || skip "qemu-user-static is not there for the arm64 half"
pare build cc --arch arm64 --distribution debian:12 -o "$work/arm" --tag cc
unpack "$work/arm" cc "$work/arm-bundle"
loader=$(echo "$work"/arm-bundle/rootfs/usr/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1)
qemu-aarch64-static "$loader" --library-path "$work/arm-bundle/rootfs/usr/lib/aarch64-linux-gnu" --list \
    "$work/arm-bundle/rootfs/usr/lib/aarch64-linux-gnu/libstdc++.so.6" | tee "$work/arm.out"
grep -q 'libc.so.6 => ' "$work/arm.out" || fail "the arm64 loader does not find libc"
! grep -q 'not found' "$work/arm.out" || fail "a library is missing on arm64"
