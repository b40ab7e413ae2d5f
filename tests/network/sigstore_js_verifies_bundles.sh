# Sigstore's library for JavaScript verifies the bundles that pare writes, and those of the world
# that the tests of keyless signatures live in; it refuses both when they are tampered with.
source "$PARE_SOURCE/tests/support/network.sh"
command -v npm >/dev/null || skip "no npm"
modules=$PARE_BUILD/network-npm/sigstore
mkdir -p "$modules"
[[ -d $modules/node_modules/@sigstore/verify ]] ||
    (cd "$modules" && npm install --silent --no-audit --no-fund @sigstore/bundle@4 @sigstore/verify@3 >/dev/null 2>&1) ||
    skip "npm cannot be reached"
# verifies STATUS ARGUMENTS...
verifies() {
    local wanted=$1 status=0
    shift
    (cd "$modules" && node "$support/verify_bundle.mjs" "$@") >"$work/verdict" || status=$?
    [[ $status == "$wanted" ]] || fail "verdict $status instead of $wanted: $(cat "$work/verdict")"
}
# tampered FILTER FROM TO: a bundle with something changed.
tampered() {
    jq "$1" "$2" >"$3"
}
reach_archive
pare build static --arch amd64 -o "$work/layout" --tag app
for algorithm in ecdsa-p256 ed25519; do
    key=$work/$algorithm
    pare keygen --no-password -o "$key" --algorithm $algorithm
    pare keygen --no-password -o "$key-foreign" --algorithm $algorithm
    cp -r "$work/layout" "$key-layout"
    pare sign "oci:$key-layout:app" --key "$key.key"
    manifest=$(jq -r '.manifests[] | select(.artifactType != null) | .digest' "$key-layout/index.json")
    bundle=$(jq -r '.layers[0].digest' "$key-layout/blobs/sha256/${manifest#sha256:}")
    bundle=$key-layout/blobs/sha256/${bundle#sha256:}
    verifies 0 "$bundle" "$key.pub"
    verifies 1 "$bundle" "$key-foreign.pub"
    tampered '.dsseEnvelope.payload |= (@base64d | sub("sign/v1"; "sign/v2") | @base64)' "$bundle" "$work/tampered.json"
    verifies 1 "$work/tampered.json" "$key.pub"
done

"$PARE_BUILD/tests/keyless" "$work"
issuer=https://token.example subject=https://ci.example/acme/app@refs/tags/v1
verifies 0 "$work/bundle.json" "$work/trusted_root.json" $issuer $subject
verifies 1 "$work/bundle.json" "$work/trusted_root.json" $issuer https://ci.example/evil
verifies 1 "$work/bundle.json" "$work/trusted_root.json" https://other.example $subject
tampered '.verificationMaterial.tlogEntries[0].integratedTime = "1700000061"' "$work/bundle.json" "$work/tampered.json"
verifies 1 "$work/tampered.json" "$work/trusted_root.json" $issuer $subject
tampered '.verificationMaterial.tlogEntries[0].inclusionProof.hashes |= reverse' "$work/bundle.json" "$work/tampered.json"
verifies 1 "$work/tampered.json" "$work/trusted_root.json" $issuer $subject
