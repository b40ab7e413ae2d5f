# pare copy keeps digests and takes along signatures and SBOMs, between registries with and without
# the referrers API and layouts.
source "$PARE_SOURCE/tests/support/registry.sh"
digest=$(make_layout "$work/image" app --arch amd64 --arch arm64 --referrers)
start_registry modern --page 1
modern=$registry
start_registry plain --no-referrers
plain=$registry

# has_all REGISTRY: the image, its SBOM, the SBOM's signature, cosign's tag.
has_all() {
    expect 0 pare copy "$1" "oci:$work/$2:app" --json
    [[ $(jq '.referrers | length' "$work/stdout") == 3 ]] || fail "$1: $(cat "$work/stdout")"
    same_blobs "$work/image" "$work/$2"
    grep -q "${digest/:/-}.sig" "$work/$2/index.json" || fail "$1 lost cosign's tag"
}

expect 0 pare copy "oci:$work/image:app" "$modern/a:1"
prints "$modern/a:1@$digest"
has_all "$modern/a:1" from-modern
is_asked 0 modern '^PUT /v2/a/manifests/sha256-[0-9a-f]* '

# Without the API its tag stands in, and holds what was there.
expect 0 pare copy "$modern/a:1" "$plain/b:1"
is_asked 1 plain "^PUT /v2/b/manifests/${digest/:/-} "
has_all "$plain/b:1" from-plain
expect 0 pare copy "$plain/b@$digest" "$modern/c/d:2"
has_all "$modern/c/d:2" back

# Again: nothing is sent.
: >"$work/plain.log"
expect 0 pare copy "$modern/a:1" "$plain/b:1"
is_asked 0 plain '^(PUT|POST)'

# Within one registry blobs are mounted, and none is fetched.
: >"$work/modern.log"
expect 0 pare copy "$modern/a:1" "$modern/e:1" --json
[[ $(jq -c '[.blobs.sent, .blobs.mounted]' "$work/stdout") == '[0,12]' ]] || fail "$(cat "$work/stdout")"
is_asked 0 modern '^GET .*/blobs/'
is_asked 0 modern '^PUT .*/blobs/'

# A registry that does not mount gets them all the same.
start_registry stiff --no-mount
expect 0 pare copy "$modern/a:1" "$registry/x:1"
expect 0 pare copy "$registry/x:1" "$registry/y:1"
has_all "$registry/y:1" from-stiff

# The image alone; a platform alone.
expect 0 pare copy "$modern/a:1" "$plain/f:1" --no-referrers --json
[[ $(jq -c .referrers "$work/stdout") == '[]' ]] || fail "referrers were taken"
expect 0 pare ls "$plain/f"
[[ $(cat "$work/stdout") == 1 ]] || fail "f has more than a tag"
expect 0 pare copy "$modern/a:1" "$plain/g:1" --platform linux/arm64 --json
[[ $(jq -r .media_type "$work/stdout") == application/vnd.oci.image.manifest.v1+json ]] || fail "not a manifest"
expect 0 pare copy "$modern/a:1" "oci-archive:$work/a.tar:app"
expect 0 pare copy "oci-archive:$work/a.tar:app" "$plain/h:1" --json
[[ $(jq -r .digest "$work/stdout") == "$digest" ]] || fail "the archive changed the digest"
expect 0 pare copy "$modern/a:1" "docker-archive:$work/d.tar:app" --platform linux/amd64
expect 0 pare show layers "docker-archive:$work/d.tar"
