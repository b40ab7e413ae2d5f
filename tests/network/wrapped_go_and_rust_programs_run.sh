# What the compilers of Go and Rust make, with and without the C library, runs under runc as nonroot on a read-only root with
# nothing but what pare wrap chose for it. (Debian has no standard library of Rust for musl; the static program has glibc in it.)
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
[[ $(id -u) == 0 ]] || skip "runc needs root here"
[[ $(uname -m) == x86_64 ]] || skip "the programs are for amd64"
debian_tree golang-1.19-go golang-1.19-src rustc libstd-rust-1.63 libstd-rust-dev libllvm14 libedit2 libz3-4

# starts NAME EXPRESSION: what the compiler made as $work/NAME.
starts() {
    pare wrap "$work/$1" --distribution debian:12 -o "$work/layout" || fail "pare wrap $1: $(cat "$work/stderr")"
    unpack "$work/layout" "$1:latest" "$work/bundle-$1"
    run_bundle "$work/bundle-$1" >"$work/said" 2>&1 || true
    grep -qE -- "$2" "$work/said" || fail "$1 says something else: $(cat "$work/said")"
    echo "$1: $(find "$work/bundle-$1/rootfs" -name '*.so*' -type f | wc -l) libraries"
}

cat >"$work/hello.go" <<'END'
package main

import (
	"crypto/x509"
	"fmt"
	"net"
	"os/user"
	"time"
)

func main() {
	who, problem := user.Current()
	fmt.Println(who, problem)
	zone, problem := time.LoadLocation("Europe/Berlin")
	fmt.Println(zone, problem)
	roots, problem := x509.SystemCertPool()
	fmt.Println(len(roots.Subjects()) > 100, problem)
	port, problem := net.LookupPort("tcp", "https")
	fmt.Println("hello from Go", port, problem)
}
END
export GOROOT=$tree/usr/lib/go-1.19 GOCACHE=$work/go-cache GO111MODULE=off
CGO_ENABLED=0 "$GOROOT/bin/go" build -o "$work/hello-go" "$work/hello.go"
CGO_ENABLED=1 "$GOROOT/bin/go" build -o "$work/hello-cgo" "$work/hello.go"
[[ $(readelf -d "$work/hello-cgo") == *libc.so.6* ]] || fail "the second program does not use the C library"
for name in hello-go hello-cgo; do
    starts "$name" "hello from Go 443 <nil>"
    for line in "nonroot /home/nonroot" "Europe/Berlin <nil>" "true <nil>"; do
        grep -q "$line" "$work/said" || fail "$name: no '$line' in $(cat "$work/said")"
    done
done
[[ $(find "$work/bundle-hello-go/rootfs" -name '*.so*' | wc -l) == 0 ]] || fail "a static program has libraries"

cat >"$work/hello.rs" <<'END'
use std::{panic, thread};
fn main() {
    let caught = panic::catch_unwind(|| panic!("on purpose")).is_err();
    let sum = thread::spawn(|| (1..=8).sum::<i32>()).join().unwrap();
    println!("hello from Rust {} {}", caught, sum);
}
END
rust() {
    LD_LIBRARY_PATH=$tree/usr/lib/x86_64-linux-gnu "$tree/usr/bin/rustc" --sysroot "$tree/usr" "$work/hello.rs" "$@"
}
rust -o "$work/hello-rust"
rust -C target-feature=+crt-static -o "$work/hello-rust-static"
starts hello-rust "hello from Rust true 36"
starts hello-rust-static "hello from Rust true 36"
