# A registry gets what it lacks and nothing else; the tag comes last, when all is there.
source "$PARE_SOURCE/tests/support/registry.sh"
digest=$(make_layout "$work/image" app --arch amd64 --arch arm64)
start_registry one

expect 0 pare push "oci:$work/image" "$registry/team/app:1"
prints "$registry/team/app:1@$digest"
is_asked 8 one '^PUT .*/blobs/uploads/.* 201'
[[ $(tail -n 1 "$work/one.log") == "PUT /v2/team/app/manifests/1 201 "* ]] || fail "the tag was not the last"

# Nothing has changed: no upload, hardly a request.
: >"$work/one.log"
expect 0 pare push "oci:$work/image" "$registry/team/app:1" --json
[[ $(jq -c '[.unchanged, .digest]' "$work/stdout") == "[true,\"$digest\"]" ]] || fail "the result"
is_asked 0 one '^(PUT|POST|PATCH)'
(($(wc -l <"$work/one.log") <= 2)) || fail "$(wc -l <"$work/one.log") requests"

# One more tag is one more manifest.
: >"$work/one.log"
expect 0 pare push "oci:$work/image" "$registry/team/app:2"
is_asked 1 one '^(PUT|POST|PATCH)'

# A layer more is a layer more, beside the configuration that names it.
make_layout "$work/larger" app --layers 4 >"$work/digest"
: >"$work/one.log"
expect 0 pare push "oci:$work/larger" "$registry/team/app:3" --json
[[ $(jq -c .blobs "$work/stdout") == '{"sent":2,"mounted":0,"present":3}' ]] || fail "the counts: $(cat "$work/stdout")"
is_asked 2 one '^PUT .*/blobs/uploads/.* 201'

# What is fetched again is what was sent; a layout that has it fetches no blob.
expect 0 pare pull "$registry/team/app:1" -o "$work/back" -t app
same_blobs "$work/image" "$work/back"
: >"$work/one.log"
expect 0 pare pull "$registry/team/app@$digest" -o "$work/back"
is_asked 0 one '^GET .*/blobs/'

# One platform alone.
expect 0 pare pull "$registry/team/app:1" -o "$work/arm.tar" --format oci-archive --platform linux/arm64
expect 0 pare show layers "oci-archive:$work/arm.tar"
expect 2 pare pull "$registry/team/app:1" -o "$work/none" --platform linux/s390x
says "it holds linux/amd64, linux/arm64"

expect 2 pare pull "$registry/team/app:none" -o "$work/none"
says "there is no image $registry/team/app:none"
expect 2 pare push "oci:$work/image" "$registry/team/app@sha256:$(printf '%064d' 0)"
says "leave the digest out"
