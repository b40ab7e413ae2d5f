# What the tests of rebase share, on top of lib.sh: a package libanswer1 whose library says which
# version it is, a base image with it and the C library, and an application on that base.
source "$PARE_SOURCE/tests/support/lib.sh"
[[ $(uname -m) == x86_64 ]] || skip "the programs are made for amd64"
make_key archive
triplet=x86_64-linux-gnu
rewrite=(--rewrite "http://repo.invalid/=file://$work/repo/")
mkdir -p "$work/tree-c/usr/lib/$triplet" "$work/tree-c/usr/lib64"
cp -L "/lib/$triplet/libc.so.6" "$work/tree-c/usr/lib/$triplet/"
cp -L /lib64/ld-linux-x86-64.so.2 "$work/tree-c/usr/lib/$triplet/"
ln -s "../lib/$triplet/ld-linux-x86-64.so.2" "$work/tree-c/usr/lib64/ld-linux-x86-64.so.2"
make_deb libc6 2.36-9 "$work/tree-c"

# library NUMBER SONAME [SYMBOL VERSIONS...]: libanswer1 1.NUMBER, whose answer() is NUMBER; further
# files of the package are taken from $work/more.
library() {
    local number=$1 soname=$2 tree=$work/tree-$1 version below=""
    mkdir -p "$tree/usr/lib/$triplet" "$work/more"
    cp -a "$work/more/." "$tree/"
    for version in "${@:3}"; do
        echo "${version} { global: answer_${version}; } $below;" >>"$work/map-$number"
        below=$version
    done
    {
        echo "int answer(void) { return $number; }"
        for version in "${@:3}"; do echo "int answer_$version(void) { return $number; }"; done
    } >"$work/answer.c"
    gcc -shared -fPIC -nostdlib "-Wl,-soname,$soname" "$work/answer.c" -o "$tree/usr/lib/$triplet/$soname.$number" \
        $([[ -f $work/map-$number ]] && echo "-Wl,--version-script,$work/map-$number")
    ln -sf "$soname.$number" "$tree/usr/lib/$triplet/$soname"
    make_deb libanswer1 "1.$number" "$tree"
    make_repository
}

# program [FUNCTION]: $work/program ends with the answer, as the newest library has it.
program() {
    local newest
    newest=$(find "$work"/tree-*/ -name 'libanswer.so.1.*' | sort | tail -n 1)
    echo "int ${1:-answer}(void); int main(void) { return ${1:-answer}(); }" >"$work/program.c"
    gcc -o "$work/program" "$work/program.c" "$newest"
}

# base LAYOUT:TAG [LINES OF YAML...]: the base, of the newest packages; or of $lock when that is set.
base() {
    {
        echo "contents:"
        echo "  repositories: ['deb [signed-by=$work/archive.gpg] http://repo.invalid/ stable main']"
        echo "  packages: [libc6, libanswer1]"
        printf '%s\n' "${@:2}"
    } >"$work/base.yaml"
    pare build "$work/base.yaml" -o "$work/${1%%:*}" --tag "${1#*:}" --arch amd64 --refresh "${rewrite[@]}" \
        ${lock:+--locked --lock "$lock"}
}

# application LAYOUT:TAG BASE [LINES OF YAML...]: the program, on the base of that reference.
application() {
    {
        echo "from: oci:$work/$2"
        echo "contents:"
        echo "  files:"
        echo "    - {from: program, to: /usr/bin/program, mode: 0755}"
        printf '%s\n' "${@:3}"
        echo "entrypoint: {command: /usr/bin/program}"
    } >"$work/application.yaml"
    pare build "$work/application.yaml" -o "$work/${1%%:*}" --tag "${1#*:}" --arch amd64
}

# layers_of LAYOUT:TAG: digests, a line each.
layers_of() {
    skopeo inspect --format '{{range .Layers}}{{println .}}{{end}}' "oci:$work/$1" | grep .
}

# manifest_digest LAYOUT:TAG
manifest_digest() {
    skopeo inspect --format '{{.Digest}}' "oci:$work/$1"
}

# answer_of LAYOUT:TAG: how the program ends in the image, by the image's own loader and libraries.
answer_of() {
    local status=0
    rm -rf "$work/bundle"
    umoci unpack --rootless --image "$work/$1" "$work/bundle" >"$work/umoci.log" 2>&1 || fail "umoci cannot unpack $1"
    "$work/bundle/rootfs/usr/lib/$triplet/ld-linux-x86-64.so.2" --library-path "$work/bundle/rootfs/usr/lib/$triplet" \
        "$work/bundle/rootfs/usr/bin/program" || status=$?
    echo "$status"
}
