# An image for several platforms moves as a whole: each on the base for its platform. When one of
# them is not safe, nothing is written.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb hello 1.0
make_repository
add_architecture arm64

# image LAYOUT:TAG FROM TEXT ARCHITECTURES [LINES...]: an image with that text in /usr/share/NAME.
image() {
    local name=${1#*:}
    {
        echo "${2:-contents:}"
        [[ $2 ]] && echo "contents:"
        echo "  repositories: ['deb [signed-by=$work/archive.gpg] http://repo.invalid/ stable main']"
        echo "  files: [{to: /usr/share/$name, content: $3}]"
        printf '%s\n' "${@:5}"
    } >"$work/$name.yaml"
    pare build "$work/$name.yaml" -o "$work/${1%%:*}" --tag "$name" --arch "$4" --rewrite "http://repo.invalid/=file://$work/repo/"
}
platforms() {
    skopeo inspect --raw "oci:$1" | jq -r '.manifests[].platform.architecture' | sort | xargs
}
text_in() {
    rm -rf "$work/copy"
    skopeo copy -q --override-arch "$2" "oci:$1" "dir:$work/copy"
    jq -r '.layers[].digest' "$work/copy/manifest.json" | while IFS=: read -r _ digest; do
        tar -xOzf "$work/copy/$digest" "$3" 2>/dev/null || true
    done
}
image bases:base "" old amd64,arm64
image images:application "from: oci:$work/bases:base" mine amd64,arm64
image new:base "" new amd64,arm64
pare rebase "oci:$work/images:application" --onto "oci:$work/new:base" --base "oci:$work/bases:base" -o "$work/moved"
[[ $(platforms "$work/moved:application") == "amd64 arm64" ]] || fail "a platform is lost"
for architecture in amd64 arm64; do
    says "linux/$architecture"
    [[ $(text_in "$work/moved:application" $architecture usr/share/base) == new ]] || fail "$architecture is on the old base"
    [[ $(text_in "$work/moved:application" $architecture usr/share/application) == mine ]] || fail "$architecture lost its layer"
done

image less:base "" new amd64
expect 1 pare rebase "oci:$work/images:application" --onto "oci:$work/less:base" --base "oci:$work/bases:base" -o "$work/none"
says "error: linux/arm64/v8: platform: oci:$work/less:base has no image for linux/arm64/v8"
! grep -q "linux/amd64: platform" "$work/stderr" || fail "amd64 is refused, too"
nothing_written "$work/none"
