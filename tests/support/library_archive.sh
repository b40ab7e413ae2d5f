# A small archive of libraries, as Debian has them: libc6, libone1, libtwo1 (which needs libone1), with Contents; and two programs:
# $work/program needs libtwo.so.1, $work/static nothing. Sourced after lib.sh.
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

repository="deb [signed-by=$work/archive.gpg] http://repo.invalid/ stable main"
from_files=(--rewrite "http://repo.invalid/=file://$work/repo/")
