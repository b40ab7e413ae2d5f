# ls, tag and delete; lists come in pages.
source "$PARE_SOURCE/tests/support/registry.sh"
digest=$(make_layout "$work/image" app)
start_registry one --page 2 --delete-tags
for name in a:1 a:2 a:3 a:4 a:5 b:1 c/d:1; do
    expect 0 pare push "oci:$work/image" "$registry/$name"
done
expect 0 pare ls "$registry/a"
[[ $(tr '\n' ' ' <"$work/stdout") == "1 2 3 4 5 " ]] || fail "tags: $(cat "$work/stdout")"
expect 0 pare ls "$registry" --json
[[ $(jq -c .repositories "$work/stdout") == '["a","b","c/d"]' ]] || fail "repositories: $(cat "$work/stdout")"
expect 2 pare ls "$registry/a:1"
expect 3 pare ls "$registry/none"

: >"$work/one.log"
expect 0 pare tag "$registry/a:1" new
prints "$registry/a:new@$digest"
is_asked 1 one '^PUT'
expect 0 pare tag "$registry/a@$digest" "$registry/a:newer"
expect 2 pare tag "$registry/a:1" "$registry/b:new"
says "pare copy"
expect 2 pare tag "$registry/a:none" new

expect 0 pare delete "$registry/a:new"
expect 0 pare ls "$registry/a" --json
[[ $(jq -c .tags "$work/stdout") == '["1","2","3","4","5","newer"]' ]] || fail "tags: $(cat "$work/stdout")"
expect 0 pare delete "$registry/a@$digest"
expect 3 pare ls "$registry/a"
expect 3 pare delete "$registry/a:1"
expect 2 pare delete "$registry/a"

# A registry that keeps its tags.
start_registry stiff --no-catalog
expect 0 pare push "oci:$work/image" "$registry/a:1"
expect 3 pare delete "$registry/a:1"
says "only manifests with all their tags"
expect 3 pare ls "$registry"
