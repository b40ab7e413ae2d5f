# sign, attest and verify where the image is, in registries with and without the referrers API: by
# digest, without loss when several sign at once, and without a word about tags left unsaid.
source "$PARE_SOURCE/tests/support/registry.sh"
digest=$(make_layout "$work/image" app --arch amd64 --arch arm64)
cd "$work"
export PARE_PASSWORD=secret
for name in release other first second third; do
    expect 0 pare keygen -o "$name"
done
echo '{"passed": true}' >tests.json
kind=https://acme.example/tests/v1

# signs_in NAME [OPTIONS OF registry.py...]: all that can be done in one registry.
signs_in() {
    local name=$1 form
    start_registry "$@"
    local image=$registry/team/app
    expect 0 pare push oci:image:app "$image:1"
    expect 4 pare verify "$image:1" --key release.pub
    says "hint: nothing is attached to the image"
    for form in tag bundle; do
        expect 0 pare sign "$image@$digest" --key release.key --form $form
        prints "added  $form  $digest"
        ! grep -q warning stderr || fail "a warning about a digest"
        expect 0 pare attest "$image@$digest" --key release.key --predicate tests.json --type $kind --form $form
        : >"$name.log"
        expect 0 pare sign "$image@$digest" --key release.key --form $form
        prints "already there  $form"
        expect 0 pare attest "$image@$digest" --key release.key --predicate tests.json --type $kind --form $form
        prints "already there  $form"
        is_asked 0 "$name" '^(PUT|POST|PATCH) '
    done
    : >"$name.log"
    expect 0 pare verify "$image:1" --key release.pub
    is_asked 1 "$name" '^(GET|HEAD) .*/manifests/1 '
    [[ $(grep -c "^signature  by release.pub  .*  of $digest$" stdout) == 2 ]] || fail "not a signature in each form"
    expect 0 pare verify "$image@$digest" --key release.pub --type $kind --json
    [[ $(jq -r .repository stdout) == "$image" ]] || fail "another repository"
    [[ $(jq -c '[.requirements[].accepted[].predicate]' stdout) == '[{"passed":true},{"passed":true}]' ]] ||
        fail "not an attestation in each form"
    expect 4 pare verify "$image:1" --key release.pub --type spdx
    expect 4 pare verify "$image:1" --key other.pub
    says "the signature is not one of this payload by other.pub"
    says "it is signed by another key than other.pub"
    one_error
}
signs_in modern
modern=$registry
signs_in plain --no-referrers

# They go along to another registry, and to disk.
expect 0 pare copy "$modern/team/app:1" "$registry/copied:1"
expect 0 pare verify "$registry/copied:1" --key release.pub --type $kind
expect 0 pare copy "$registry/copied:1" oci:back:app
expect 0 pare verify oci:back:app --key release.pub
[[ $(wc -l <stdout) == 2 ]] || fail "not a signature in each form"

# A name by tag: which image that was is said, for the tag may have moved since the push.
expect 0 pare sign "$modern/team/app:1" --key other.key
says "warning: tags can move: what $modern/team/app:1 stands for now is signed, $digest"
expect 0 pare verify "$modern/team/app@$digest" --key other.pub
expect 2 pare sign "$modern/team/app:2" --key release.key
says "there is no image $modern/team/app:2"
expect 2 pare sign oci-archive:app.tar --key release.key
says "is an archive, and signatures lie beside an image"

# What a list of referrers still names, but the registry has no more, hides nothing.
gone=$(curl -s "http://$registry/v2/team/app/manifests/${digest/:/-}" | jq -r '.manifests[0].digest')
expect 0 pare delete "$registry/team/app@$gone"
expect 0 pare verify "$registry/team/app:1" --key release.pub

# A policy goes by the repository.
cat >policy.yaml <<'POLICY'
keys: {release: release.pub, other: other.pub}
rules:
  - {repositories: ['*/team/*'], require: [{signed-by: [release]}]}
  - {repositories: ['prod.example/**'], require: [{signed-by: [other]}]}
POLICY
expect 0 pare verify "$registry/team/app@$digest" --policy policy.yaml
expect 4 pare verify "$registry/copied@$digest" --policy policy.yaml
expect 4 pare verify "$registry/team/app@$digest" --policy policy.yaml --repository prod.example/app

# Several sign at once under one tag: each finds its signature beside the others'.
for round in 1 2 3; do
    expect 0 pare push oci:image:app "$modern/round$round:1"
    jobs=()
    for name in first second third; do
        "$PARE" sign "$modern/round$round@$digest" --key $name.key --form tag >"$name.out" 2>&1 &
        jobs+=($!)
    done
    for job in "${jobs[@]}"; do
        wait "$job" || fail "a signer failed: $(cat first.out second.out third.out)"
    done
    for name in first second third; do
        expect 0 pare verify "$modern/round$round@$digest" --key $name.pub
    done
done
# One that is told that the tag has changed reads it again.
start_registry busy --fault 'PUT */manifests/*.sig status=412 times=2'
expect 0 pare push oci:image:app "$registry/app:1"
expect 0 pare sign "$registry/app@$digest" --key release.key --form tag
is_asked 3 busy '^PUT .*/manifests/.*\.sig '
expect 0 pare verify "$registry/app@$digest" --key release.pub
