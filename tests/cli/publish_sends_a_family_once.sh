# 64 images that share layers: every distinct blob goes over the wire once, and to further
# repositories of the registry not at all.
source "$PARE_SOURCE/tests/support/registry.sh"
make_key archive
architecture=all make_deb hello 1.0
make_repository
add_architecture arm64
definition hello
sed -i 's/^archs: .*/archs: [amd64, arm64]/' "$work/image.yaml"
echo "variants:" >>"$work/image.yaml"
for variant in v{1..32}; do
    echo "  $variant: {environment: {VARIANT: $variant}}" >>"$work/image.yaml"
done
start_registry hub
publish() {
    pare publish "$work/image.yaml" --arch all --variant all --sbom none \
        --rewrite "http://repo.invalid/=file://$work/repo/" "$registry/one/" "$registry/two/"
}
expect 0 publish
[[ $(wc -l <"$work/stdout") == 64 ]] || fail "not 32 tags in two folders: $(cat "$work/stdout")"

for variant in v{1..32}; do
    pare copy "$registry/two/image:$variant" "oci:$work/all:$variant"
done
images=0 blobs=0
for blob in "$work"/all/blobs/sha256/*; do
    kind=$(jq -r 'if type != "object" then "blob" elif has("layers") then "image" elif has("manifests") then "index" else "blob" end' \
        "$blob" 2>/dev/null || echo blob)
    [[ $kind != image ]] || images=$((images + 1))
    [[ $kind != blob ]] || blobs=$((blobs + 1))
done
[[ $images == 64 ]] || fail "$images images"
is_asked "$blobs" hub '^PUT /v2/one/image/blobs/uploads/'
is_asked 0 hub '^PUT /v2/two/image/blobs/'

: >"$work/hub.log"
expect 0 publish
is_asked 0 hub '^(PUT|POST|PATCH) '
# A name is asked for, and nothing else but where the registry is.
(($(wc -l <"$work/hub.log") <= 66)) || fail "$(wc -l <"$work/hub.log") requests for 64 names"
