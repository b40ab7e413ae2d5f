# An application that was built on last month's base moves to today's: its layers stay as they are,
# it uses the patched library, and the image is what a rebuild would give.
source "$PARE_SOURCE/tests/support/rebase.sh"
library 1 libanswer.so.1
program
base images:base 'environment: {GREETING: hello, MOOD: fair}'
pare lock "$work/base.yaml" --arch amd64 -o "$work/old.lock.json" "${rewrite[@]}"
library 2 libanswer.so.1
lock=$work/old.lock.json base images:base 'environment: {GREETING: hello, MOOD: fair}'
application images:application images:base 'environment: {MOOD: good}'
old=$(manifest_digest images:base)
[[ $(answer_of images:application) == 1 ]] || fail "the application does not run on its own base"
layers_of images:base >"$work/old-base"
layers_of images:application >"$work/before"
own=$(($(wc -l <"$work/before") - $(wc -l <"$work/old-base")))
((own > 0)) || fail "the application has no layers of its own"

base images:base 'environment: {GREETING: good day, MOOD: fair}'
layers_of images:base >"$work/new-base"
before=$(sha256sum <"$work/images/index.json")
pare rebase "oci:$work/images:application" --onto "oci:$work/images:base" --check
prints "linux/amd64: safe"
prints "libanswer1 1.1 -> 1.2"
[[ $(sha256sum <"$work/images/index.json") == "$before" ]] || fail "--check wrote something"

pare rebase "oci:$work/images:application" --onto "oci:$work/images:base" -o "$work/moved"
[[ $(<"$work/stdout") == "application@$(manifest_digest moved:application)" ]] || fail "the result is not TAG@DIGEST"
says "linux/amd64: libanswer1 1.1 -> 1.2"
layers_of moved:application >"$work/after"
cmp <(cat "$work/new-base" <(tail -n "$own" "$work/before")) "$work/after" || fail "these are not the base's layers and its own"
[[ $(answer_of moved:application) == 2 ]] || fail "the application does not use the patched library"
grep -qx 'Version: 1.2' "$work/bundle/rootfs/var/lib/dpkg/status.d/libanswer1" || fail "scanners are told something else"
skopeo inspect --config "oci:$work/moved:application" >"$work/config.json"
[[ $(jq -c '.config.Env' "$work/config.json") == *'"GREETING=good day","MOOD=good"'* ]] || fail "the environments are not merged"
[[ $(jq '.history | length' "$work/config.json") == $(wc -l <"$work/after") ]] || fail "the history does not fit the layers"
manifest=$work/moved/blobs/sha256/$(manifest_digest moved:application | cut -d: -f2)
[[ $(jq -r '.annotations["org.opencontainers.image.base.digest"]' "$manifest") == "$(manifest_digest images:base)" ]] ||
    fail "the image does not record its new base"
skopeo copy -q "oci:$work/moved:application" "dir:$work/copy" || fail "skopeo cannot copy it"

# In place; the same from archives; and what a rebuild gives, but for the times in the history.
pare rebase "oci:$work/images:application" --onto "oci:$work/images:base"
[[ $(manifest_digest images:application) == "$(manifest_digest moved:application)" ]] || fail "in place it is another image"
skopeo copy -q "oci:$work/images:base" "oci-archive:$work/base.tar:base"
pare rebase "oci:$work/images:application" --onto "oci-archive:$work/base.tar" --base "oci:$work/images@$(manifest_digest images:base)" \
    -o "$work/archive.tar" --format oci-archive --tag again
skopeo inspect --format '{{range .Layers}}{{println .}}{{end}}' "oci-archive:$work/archive.tar" | grep . | cmp - "$work/after" ||
    fail "an archive gives other layers"
application rebuilt:application images:base 'environment: {MOOD: good}'
layers_of rebuilt:application | cmp - "$work/after" || fail "a rebuild has other layers"
skopeo inspect --config "oci:$work/rebuilt:application" | jq -S 'del(.history)' >"$work/rebuilt.json"
jq -S 'del(.history)' "$work/config.json" | cmp - "$work/rebuilt.json" || fail "a rebuild has another configuration"

# And back, with the time that is asked for.
SOURCE_DATE_EPOCH=86400 pare rebase "oci:$work/moved:application" --onto "oci:$work/images@$old" \
    --base "oci:$work/images:base" -o "$work/back" --json
[[ $(jq -r '.platforms[0].packages[] | "\(.name) \(.before) \(.after)"' "$work/stdout") == "libanswer1 1.2 1.1" ]] ||
    fail "the JSON does not say what moved"
[[ $(answer_of back:application) == 1 ]] || fail "the way back leads elsewhere"
[[ $(skopeo inspect --config "oci:$work/back:application" | jq -r .created) == 1970-01-02T00:00:00Z ]] || fail "not that time"
