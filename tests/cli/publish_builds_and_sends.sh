# pare publish builds what a definition says and sends it: each blob once, the tag last, nothing at
# all when nothing has changed.
source "$PARE_SOURCE/tests/support/registry.sh"
make_key archive
architecture=all make_deb hello 1.0
make_repository
add_architecture arm64
definition hello
sed -i 's/^archs: .*/archs: [amd64, arm64]/' "$work/image.yaml"
cat >>"$work/image.yaml" <<'YEND'
variants:
  latest: {}
  debug: {environment: {DEBUG: "1"}}
YEND
start_registry hub

# publish REF... [OPTIONS...]
publish() {
    pare publish "$work/image.yaml" --rewrite "http://repo.invalid/=file://$work/repo/" "$@"
}

expect 0 publish --arch amd64 --sbom none "$registry/team/app:1"
digest=$(sed -n "s|^$registry/team/app:1@||p" "$work/stdout")
[[ -n $digest ]] || fail "no digest reference: $(cat "$work/stdout")"
# (The registry takes no manifest before its blobs.)
is_asked 1 hub '^PUT /v2/team/app/manifests/1 201'

# The same as built to disk and pushed.
build --tag app:1
[[ $(cat "$work/stdout") == "app:1@$digest" ]] || fail "publish gives another image than build"

# Nothing has changed: no upload, and hardly a request.
: >"$work/hub.log"
expect 0 publish --arch amd64 --sbom none "$registry/team/app:1"
says "nothing has changed"
is_asked 0 hub '^(PUT|POST|PATCH) '
(($(wc -l <"$work/hub.log") < 10)) || fail "$(wc -l <"$work/hub.log") requests"

# A second name takes no blob.
: >"$work/hub.log"
expect 0 publish --arch amd64 --sbom none "$registry/team/app:1" "$registry/team/app:latest" "$registry/other/app:1"
is_asked 0 hub '^PUT /v2/.*/blobs/'
is_asked 1 hub '^PUT /v2/team/app/manifests/latest '
is_asked 1 hub '^PUT /v2/other/app/manifests/1 '
expect 0 pare copy "$registry/other/app:1" "oci:$work/pulled:app"

# A bill of materials goes along unless it is not wanted.
expect 0 publish --arch amd64 "$registry/team/app:1" --json
[[ $(jq '.published[0].referrers | length' "$work/stdout") == 1 ]] || fail "$(cat "$work/stdout")"

# Several go along, for each platform and the index, before the tag.
: >"$work/hub.log"
expect 0 publish --arch amd64,arm64 --sbom both "$registry/team/app:2" --json
[[ $(jq '.published[0].referrers | length' "$work/stdout") == 6 ]] || fail "$(cat "$work/stdout")"
[[ $(grep '^PUT .*/manifests/' "$work/hub.log" | tail -n 1) == "PUT /v2/team/app/manifests/2 "* ]] || fail "the tag is not last"
index=$(jq -r '.published[0].digest' "$work/stdout")
expect 0 pare sbom "$registry/team/app@$index" --arch arm64 --json
: >"$work/hub.log"
expect 0 publish --arch amd64,arm64 --sbom both "$registry/team/app:2"
is_asked 0 hub '^(PUT|POST|PATCH) '
(($(wc -l <"$work/hub.log") < 10)) || fail "$(wc -l <"$work/hub.log") requests"
expect 0 pare copy "$registry/team/app:2" "oci:$work/copied:app" --json
[[ $(jq '.referrers | length' "$work/stdout") == 6 ]] || fail "the referrers are not found: $(cat "$work/stdout")"

# Several images go into a folder: every blob is uploaded once, however many of them have it.
start_registry fresh
expect 0 publish --arch amd64,arm64 --variant all "$registry/folder/"
prints "$registry/folder/image:latest@"
prints "$registry/folder/image:debug@"
sent=$(asked fresh '^PUT /v2/.*/blobs/uploads/')
for variant in latest debug; do
    expect 0 pare copy "$registry/folder/image:$variant" "oci:$work/all:$variant"
done
blobs=0
for blob in "$work"/all/blobs/sha256/*; do
    jq -e 'type == "object" and (has("manifests") or has("layers"))' "$blob" >/dev/null 2>&1 || blobs=$((blobs + 1))
done
[[ $sent == "$blobs" ]] || fail "$sent uploads of $blobs blobs"

# What cannot be meant is said before anything is built or asked.
: >"$work/fresh.log"
expect 2 publish --variant all "$registry/folder/app:1"
says "would name 2 different images"
says "$registry/folder/app:1/"
expect 2 publish "oci:$work/layout:app"
says "pare build writes images to disk"
expect 2 publish "$registry/app@sha256:$(printf '0%.0s' {1..64})"
says "names a digest"
expect 2 publish
says "needs REF"
is_asked 0 fresh .
