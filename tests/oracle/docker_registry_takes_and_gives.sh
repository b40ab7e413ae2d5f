# Debian's docker-registry, with and without htpasswd: push, pull, copy with what belongs to the
# image, mount, delete, two pushers at once. skopeo, podman and umoci read what pare pushed, and
# pare reads what they push.
source "$PARE_SOURCE/tests/support/registry.sh"
digest=$(make_layout "$work/image" app --arch amd64 --arch arm64 --referrers)
start_docker_registry open
open=$registry

expect 0 pare push "oci:$work/image:app" "$open/team/app:1"
expect 0 pare push "oci:$work/image:app" "$open/team/app:1" --json
[[ $(jq .unchanged "$work/stdout") == true ]] || fail "pushed again"
expect 0 pare pull "$open/team/app:1" -o "$work/back" -t app
expect 0 pare show layers "oci:$work/back"

# With what belongs to it: this registry has no referrers API, so its tag stands in.
expect 0 pare copy "oci:$work/image:app" "$open/team/app:1" --json
[[ $(jq '.referrers | length' "$work/stdout") == 3 ]] || fail "referrers: $(cat "$work/stdout")"
expect 0 pare ls "$open/team/app"
prints "${digest/:/-}"
prints "${digest/:/-}.sig"
expect 0 pare copy "$open/team/app:1" "$open/other/app:1" --json
[[ $(jq -c '[.blobs.sent, .digest]' "$work/stdout") == "[0,\"$digest\"]" ]] || fail "not mounted: $(cat "$work/stdout")"
expect 0 pare copy "$open/other/app@$digest" "oci:$work/copied:app"
same_blobs "$work/image" "$work/copied"

# Other tools read it.
skopeo inspect --tls-verify=false "docker://$open/team/app:1" >"$work/inspect.json" || fail "skopeo inspect"
skopeo copy -q --all --src-tls-verify=false "docker://$open/team/app:1" "oci:$work/skopeo:app" || fail "skopeo copy"
[[ $(jq -r '.manifests[0].digest' "$work/skopeo/index.json") == "$digest" ]] || fail "skopeo sees another digest"
expect 0 pare pull "$open/team/app:1" -o "$work/amd64" -t app --platform linux/amd64
umoci unpack --rootless --image "$work/amd64:app" "$work/bundle" >"$work/umoci.log" 2>&1 || fail "umoci: $(cat "$work/umoci.log")"
if [[ $(id -u) == 0 ]]; then
    podman=(podman --root "$work/podman" --runroot "$work/podman-run" --storage-driver vfs)
    "${podman[@]}" pull -q --tls-verify=false "$open/team/app:1" >"$work/podman.log" 2>&1 || fail "podman: $(cat "$work/podman.log")"
    # And pare reads what they push, in docker's own format too.
    "${podman[@]}" push -q --tls-verify=false --format v2s2 "$open/team/app:1" "$open/by/podman:1" 2>"$work/podman.log" ||
        fail "podman push: $(cat "$work/podman.log")"
    expect 0 pare pull "$open/by/podman:1" -o "$work/podman-back"
    expect 0 pare show layers "oci:$work/podman-back"
fi
skopeo copy -q --all --dest-tls-verify=false "oci:$work/image:app" "docker://$open/by/skopeo:1" || fail "skopeo push"
expect 0 pare pull "$open/by/skopeo:1" -o "$work/by-skopeo" -t app --json
[[ $(jq -r .digest "$work/stdout") == "$digest" ]] || fail "pare sees another digest than skopeo"

# Names.
expect 0 pare tag "$open/team/app:1" 2
expect 3 pare delete "$open/team/app:2"
says "only manifests with all their tags"
expect 0 pare delete "$open/other/app@$digest"
expect 2 pare pull "$open/other/app:1" -o "$work/none"
expect 0 pare ls "$open"
prints by/skopeo

# Two at once, of a larger image.
make_layout "$work/large" app --layers 6 --size 2000000 >"$work/digest"
jobs=()
for number in 1 2 3; do
    "$PARE" push "oci:$work/large" "$open/both:$number" >"$work/out$number" 2>&1 &
    jobs+=($!)
done
for number in 1 2 3; do
    wait "${jobs[number - 1]}" || fail "pusher $number: $(cat "$work/out$number")"
done
expect 0 pare pull "$open/both:3" -o "$work/both" -t app
same_blobs "$work/large" "$work/both"

# With a password.
start_docker_registry locked me secret
expect 3 pare push "oci:$work/image:app" "$registry/app:1"
says "pare login"
printf 'wrong' | expect 3 pare login "$registry" -u me --password-stdin
printf 'secret' | expect 0 pare login "$registry" -u me --password-stdin
expect 0 pare push "oci:$work/image:app" "$registry/app:1"
expect 0 pare pull "$registry/app:1" -o "$work/with-password" -t app
REGISTRY_AUTH_FILE=$HOME/.docker/config.json skopeo inspect --tls-verify=false "docker://$registry/app:1" >"$work/inspect.json" ||
    fail "skopeo does not read what pare login has kept"
expect 0 pare logout "$registry"
REGISTRY_AUTH_FILE=$work/skopeo-auth.json skopeo login --tls-verify=false -u me -p secret "$registry" >"$work/login.log" 2>&1 ||
    fail "skopeo login"
REGISTRY_AUTH_FILE=$work/skopeo-auth.json expect 0 pare ls "$registry/app"
