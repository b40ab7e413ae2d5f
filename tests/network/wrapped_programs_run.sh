# Programs of this machine and of its compilers run under runc, as nonroot on a read-only root, with nothing but what pare wrap
# chose for them: the libraries that they need, and theirs.
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
[[ $(id -u) == 0 ]] || skip "runc needs root here"
[[ $(uname -m) == x86_64 ]] || skip "the programs are for amd64"

# starts NAME FILE EXPRESSION [ARGUMENTS...]: wraps the file and runs it; what it says must match.
starts() {
    local name=$1 file=$2 expression=$3 status=0
    shift 3
    rm -rf "$work/layout" "$work/bundle"
    pare wrap "$file" "${with[@]}" --name "$name" -o "$work/layout" || fail "pare wrap $file: $(cat "$work/stderr")"
    unpack "$work/layout" "$name:latest" "$work/bundle"
    run_bundle "$work/bundle" "$program" "$@" >"$work/said" 2>&1 || status=$?
    grep -qE -- "$expression" "$work/said" || {
        tail -n 20 "$work/said" >&2
        fail "$name says something else (status $status)"
    }
    echo "$name: $(find "$work/bundle/rootfs" -name '*.so*' -type f | wc -l) libraries, $(du -sk "$work/bundle/rootfs" | cut -f1) kB"
}
# known NAME EXPRESSION [ARGUMENTS...]: a program that is installed here.
known() {
    local file
    file=$(readlink -f "$(command -v "$1")") || fail "there is no $1"
    with=() program=/usr/bin/$(basename "$file")
    starts "${1//+/p}" "$file" "${@:2}"
}
known curl "^curl [78]" --version
known git "^git version" --version
known openssl "^OpenSSL 3" version
known gpgv "^gpgv" --version
known xz "^xz " --version
known zstd "v1\." --version
known bsdtar "^bsdtar" --version
known dpkg-deb "dpkg-deb" --version
known runc "^runc version" --version
known umoci "^umoci version" --version
known skopeo "^skopeo version" --version
known cmake "cmake version" --version
known ninja "^1\." --version
known readelf "GNU readelf" --version
known g++ "g\+\+.*Debian" --version
known perl "This is perl" -v
known gpg "^gpg " --version
known bash "GNU bash" --version

# What compilers make here.
mkdir "$work/built"
cat >"$work/built/hello.c" <<'END'
#include <pthread.h>
#include <stdio.h>
static void *work(void *unused) { (void)unused; pthread_exit(NULL); }
int main(void) { pthread_t t; pthread_create(&t, NULL, work, NULL); pthread_join(t, NULL); puts("hello from C"); return 0; }
END
cat >"$work/built/hello.cc" <<'END'
#include <iostream>
#include <stdexcept>
#include <thread>
int main() { std::thread([] {}).join(); try { throw std::runtime_error("hello from C++"); } catch (const std::exception& e) { std::cout << e.what() << "\n"; } }
END
gcc -pthread "$work/built/hello.c" -o "$work/built/hello-c"
gcc -static -pthread "$work/built/hello.c" -o "$work/built/hello-static"
g++ -pthread "$work/built/hello.cc" -o "$work/built/hello-cxx"
for name in hello-c hello-static hello-cxx; do
    with=() program=/usr/bin/$name
    starts "$name" "$work/built/$name" "^hello from C"
done

# A directory with a library of its own, which the program finds beside itself; and the same library named on its own.
mkdir -p "$work/built/dist/bin" "$work/built/dist/lib"
echo 'int answer(void) { return 42; }' >"$work/built/own.c"
echo '#include <stdio.h>
int answer(void);
int main(void) { printf("the answer is %d\n", answer()); return 0; }' >"$work/built/ask.c"
gcc -shared -fPIC -Wl,-soname,libown.so.1 "$work/built/own.c" -o "$work/built/dist/lib/libown.so.1.0"
ln -s libown.so.1.0 "$work/built/dist/lib/libown.so.1"
gcc "$work/built/ask.c" "$work/built/dist/lib/libown.so.1.0" -Wl,-rpath,'$ORIGIN/../lib' -o "$work/built/dist/bin/ask"
with=() program=/app/dist/bin/ask
starts dist "$work/built/dist" "the answer is 42"
cp "$work/built/dist/bin/ask" "$work/built/ask"
with=("$work/built/dist/lib/libown.so.1.0") program=/usr/bin/ask
starts ask "$work/built/ask" "the answer is 42"
