# From a key to a gate: keygen, sign, attest, verify, in both forms; who asks for a signature that is
# not there, or is not good, gets status 4 and the reason.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb hello 1.0
make_repository
definition hello
expect 0 build --tag registry.example/team/app:1
image=oci:$work/image:registry.example/team/app:1
cd "$work"

expect 2 pare keygen
says "hint: set PARE_PASSWORD, or use --no-password"
export PARE_PASSWORD=secret
expect 0 pare keygen -o release
prints "release.pub"
[[ $(stat -c %a release.key) == 600 ]] || fail "others may read the private key"
expect 2 pare keygen -o release
says "release.key is there already"
expect 0 pare keygen -o other --algorithm ed25519
openssl pkey -pubin -in release.pub -noout || fail "openssl cannot read the public key"

expect 4 pare verify "$image" --key release.pub
says "has no signature by release.pub"
says "hint: nothing is attached to the image"
for form in tag bundle; do
    expect 0 pare sign "$image" --key release.key --form $form
    prints "added  $form"
    expect 0 pare sign "$image" --key release.key --form $form
    prints "already there  $form"
done
expect 0 pare verify "$image" --key release.pub
[[ $(grep -c '^signature  by release.pub' stdout) == 2 ]] || fail "not a signature in each form"
expect 4 pare verify "$image" --key other.pub
says "warning: sha256-"
says "the signature is not one of this payload by other.pub"
says "it is signed by another key than other.pub"
says "has no signature by other.pub"
one_error
expect 0 pare verify "$image" --key other.pub --key release.pub

expect 0 pare show packages "$image"
expect 0 pare show packages "oci:$work/image"
prints hello
skopeo inspect "$image" >/dev/null || fail "skopeo does not read the image any more"

echo '{"passed": true}' >tests.json
expect 2 pare attest "$image" --key release.key --predicate tests.json --type tests
says "is not a type of predicates"
echo '[]' >list.json
expect 2 pare attest "$image" --key release.key --predicate list.json --type custom
expect 0 pare attest "$image" --key release.key --predicate tests.json --type https://acme.example/tests/v1 --form tag
expect 4 pare verify "$image" --key release.pub --type spdx
expect 0 pare verify "$image" --key release.pub --type https://acme.example/tests/v1
expect 0 pare verify "$image" --key release.pub --type https://acme.example/tests/v1 --json
[[ $(jq -c '.requirements[0].accepted[0].predicate' stdout) == '{"passed":true}' ]] || fail "another predicate"
[[ $(jq -r .repository stdout) == registry.example/team/app ]] || fail "another repository"

PARE_PASSWORD=wrong expect 2 pare sign "$image" --key release.key
says "release.key cannot be decrypted with this password"
says "PARE_PASSWORD"
(unset PARE_PASSWORD && COSIGN_PASSWORD=secret expect 0 pare sign "$image" --key release.key)
RELEASE_KEY=$(cat release.key) expect 0 pare sign "$image" --key env://RELEASE_KEY
expect 2 pare sign "$image" --key env://NO_SUCH_VARIABLE
says "the variable NO_SUCH_VARIABLE is not set"
expect 4 pare sign "$image" --key release.pub
says "release.pub is a PUBLIC KEY and no private key"
expect 2 pare verify "$image"
says "hint: add --key KEY.pub or --policy FILE"
! grep -r -l -a -F -e "$PARE_PASSWORD" stdout stderr image || fail "the password was written"
