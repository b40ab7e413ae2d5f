# One command gates a deployment: a policy says whose word counts for which repositories, and what
# it does not name does not pass.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb hello 1.0
make_repository
definition hello
expect 0 build --tag registry.example/prod/app:1
image=oci:$work/image:registry.example/prod/app:1
cd "$work"
mkdir keys
expect 0 pare keygen --no-password -o keys/release
expect 0 pare keygen --no-password -o keys/ci
cat >policy.yaml <<'POLICY'
keys:
  release: keys/release.pub
  ci: keys/ci.pub
rules:
  - repositories: [registry.example/prod/**]
    require:
      - signed-by: [release]
      - {type: custom, signed-by: [ci, release]}
  - repositories: [registry.example/test/**]
    require:
      - signed-by: [ci, release]
POLICY
verify() {
    pare verify "$image" --policy policy.yaml "$@"
}
echo '{"tests": "passed"}' >tests.json

expect 4 verify
says "has no signature by release"
expect 0 pare sign "$image" --key keys/ci.key
expect 4 verify
says "has no signature by release"
expect 0 verify --repository registry.example/test/app
expect 0 pare sign "$image" --key keys/release.key
expect 4 verify
says "has no attestation of type https://cosign.sigstore.dev/attestation/v1 by ci or release"
expect 0 pare attest "$image" --key keys/ci.key --predicate tests.json --type custom
expect 0 verify
prints "signature                                   by release"
prints "https://cosign.sigstore.dev/attestation/v1  by ci"

expect 4 verify --repository registry.example/other
says 'no rule of the policy is for the repository "registry.example/other"'
expect 2 pare verify "oci:$work/image" --policy policy.yaml
says "a policy needs the name of the image"
expect 0 pare verify "oci:$work/image" --policy policy.yaml --repository registry.example/prod/app
sed -i 's/signed-by: \[release\]/signed-by: [relaese]/' policy.yaml
expect 2 verify
says 'policy.yaml:7:21: "relaese" is neither a key nor an identity'
says "hint: did you mean release?"
