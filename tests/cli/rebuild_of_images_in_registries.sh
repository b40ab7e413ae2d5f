# `pare publish --provenance` sends provenance along; there it is read, signed, and rebuilt from. An
# image on one in a registry is rebuilt on that, though its tag stands for another one by now.
source "$PARE_SOURCE/tests/support/registry.sh"
make_key archive
make_deb hello 1.0
make_repository
definition hello
rewrite=(--rewrite "http://repo.invalid/=file://$work/repo/")
start_registry plain
export PARE_PASSWORD=secret
cd "$work"
expect 0 pare keygen -o ci

expect 0 pare publish image.yaml "$registry/base:1" --arch amd64 "${rewrite[@]}" --provenance
expect 0 pare rebuild --verify "$registry/base:1" "${rewrite[@]}"
prints "the same, bit for bit"
prints "provenance: beside the image, nobody signed it"
expect 0 pare attest "$registry/base:1" --key ci.key --type slsaprovenance1
expect 0 pare rebuild --verify "$registry/base:1" --key ci.pub "${rewrite[@]}"
prints "provenance: signed by ci.pub"
expect 0 pare provenance "$registry/base:1" --predicate
jq -e '.buildDefinition.externalParameters.definition == "image.yaml"' stdout >/dev/null || fail "another predicate"

echo "from: docker://$registry/base:1" >server.yaml
echo "environment: {MODE: fast}" >>server.yaml
expect 0 pare publish server.yaml "$registry/server:1" --arch amd64 --provenance
expect 0 pare provenance "$registry/server:1" --predicate
base=$(jq -r '.buildDefinition.resolvedDependencies[] | select(.annotations.kind == "base").digest.sha256' stdout)
sed -i 's/^archs:/environment: {NEW: "1"}\n&/' image.yaml
expect 0 pare publish image.yaml "$registry/base:1" --arch amd64 "${rewrite[@]}"
! grep -q "$base" stdout || fail "the base is the same as before"
expect 0 pare rebuild --verify "$registry/server:1"
prints "the same, bit for bit"
