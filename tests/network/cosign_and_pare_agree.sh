# Debian's cosign verifies what pare signs, in both forms and with both kinds of keys, and pare
# verifies what cosign signs; each reads the other's keys, and neither takes signatures by another
# key. So in a layout that is carried to a registry, and where the image is in the registry.
source "$PARE_SOURCE/tests/support/network.sh"
command -v docker-registry >/dev/null || skip "no docker-registry"
reach_archive
cd "$work"

# cosign is in Debian 13: pare makes an image of it, and the program is taken from there.
cat >cosign.yaml <<'DEFINITION'
contents: {repositories: ['debian:13'], packages: [cosign]}
DEFINITION
pare build cosign.yaml -o tools --tag cosign || fail "no image of cosign"
unpack tools cosign cosign-bundle
cosign() {
    "$work/cosign-bundle/rootfs/usr/bin/cosign" "$@" >"$work/stdout" 2>"$work/stderr"
}
expect 0 cosign version

# The registry ends with this shell.
cat >registry.yml <<CONFIG
version: 0.1
log: {level: info}
storage: {filesystem: {rootdirectory: $work/registry}}
http: {addr: "127.0.0.1:0"}
CONFIG
setpriv --pdeathsig TERM docker-registry serve registry.yml >registry.log 2>&1 &
registry=$!
until port=$(grep -o 'listening on 127.0.0.1:[0-9]*' registry.log | grep -o '[0-9]*$'); do
    kill -0 "$registry" 2>/dev/null || fail "docker-registry ended: $(cat registry.log)"
    sleep 0.1
done
address=127.0.0.1:$port
offline=(--insecure-ignore-tlog --allow-http-registry --allow-insecure-registry)
signing=(--tlog-upload=false --allow-http-registry --allow-insecure-registry -y)
# cosign wants a root to check bundles with, even where nothing in them needs one.
echo '{"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1"}' >root.json
bundles=("${offline[@]}" --new-bundle-format --trusted-root root.json)
echo '{"passed": true}' >tests.json
kind=https://acme.example/tests/v1
said=https://sigstore.dev/cosign/sign/v1
export COSIGN_PASSWORD=secret

# copy_to NAME / copy_from NAME LAYOUT: the image with all that is attached to it.
copy_to() {
    python3 "$support/registry_layout.py" push layout "http://$address" "$1"
}
copy_from() {
    python3 "$support/registry_layout.py" pull "$2" "http://$address" "$1" "$digest"
}

pare build static --arch amd64 -o plain --tag app
digest=$(jq -r '.manifests[0].digest' plain/index.json)
for algorithm in ecdsa-p256 ed25519; do
    # pare signs, cosign verifies.
    rm -rf layout && cp -r plain layout
    pare keygen -o "ours-$algorithm" --algorithm $algorithm
    key=ours-$algorithm
    for form in tag bundle; do
        expect 0 pare sign oci:layout:app --key $key.key --form $form --repository "$address/pare"
        expect 0 pare attest oci:layout:app --key $key.key --form $form --predicate tests.json --type $kind
    done
    name=pare-$algorithm
    copy_to "$name"
    expect 0 cosign verify --key $key.pub "${offline[@]}" "$address/$name@$digest"
    expect 0 cosign verify-attestation --key $key.pub --type $kind "${offline[@]}" "$address/$name@$digest"
    expect 0 cosign verify-attestation --key $key.pub --type $kind "${bundles[@]}" "$address/$name@$digest"
    expect 0 cosign verify-attestation --key $key.pub --type $said "${bundles[@]}" "$address/$name@$digest"
    # Another key, and another image with the same signatures, must not do.
    pare keygen -o "foreign-$algorithm" --algorithm $algorithm
    for form in offline bundles; do
        declare -n options=$form
        ! cosign verify-attestation --key "foreign-$algorithm.pub" --type $kind "${options[@]}" "$address/$name@$digest" ||
            fail "cosign verifies with another key"
    done

    # cosign signs with pare's key and with its own, pare verifies.
    rm -rf layout && cp -r plain layout
    name=cosign-$algorithm
    copy_to "$name"
    rm -f theirs.key theirs.pub
    if [[ $algorithm == ed25519 ]]; then
        openssl genpkey -algorithm ed25519 -out theirs.pem
        expect 0 cosign import-key-pair --key theirs.pem --output-key-prefix theirs -y
    else
        expect 0 cosign generate-key-pair --output-key-prefix theirs
    fi
    for key in ours-$algorithm theirs; do
        expect 0 cosign sign --key $key.key "${signing[@]}" "$address/$name@$digest"
        expect 0 cosign attest --key $key.key --predicate tests.json --type $kind "${signing[@]}" "$address/$name@$digest"
        expect 0 cosign attest --key $key.key --predicate tests.json --type $said --new-bundle-format "${signing[@]}" \
            "$address/$name@$digest"
    done
    rm -rf pulled
    copy_from "$name" pulled
    for key in ours-$algorithm theirs; do
        expect 0 pare verify oci:pulled:app --key $key.pub
        [[ $(wc -l <stdout) == 2 ]] || fail "pare does not find cosign's signatures in both forms"
        expect 0 pare verify oci:pulled:app --key $key.pub --type $kind
    done
    expect 4 pare verify oci:pulled:app --key "foreign-$algorithm.pub"
    # pare signs with cosign's key.
    expect 0 pare sign oci:pulled:app --key theirs.key --form tag
    prints "already there"
done

# What cosign saves to a disk is a layout, too.
expect 0 cosign save --dir saved --allow-http-registry --allow-insecure-registry "$address/pare-ecdsa-p256@$digest"
expect 0 pare verify oci:saved --key ours-ecdsa-p256.pub
expect 0 pare verify oci:saved --key ours-ecdsa-p256.pub --type $kind
expect 4 pare verify oci:saved --key foreign-ecdsa-p256.pub

# In the registry itself: pare signs, cosign verifies; what pare copies is still signed.
image=$address/signed-there
expect 0 pare push oci:plain:app "$image:1"
for form in tag bundle; do
    expect 0 pare sign "$image@$digest" --key ours-ecdsa-p256.key --form $form
    expect 0 pare attest "$image@$digest" --key ours-ecdsa-p256.key --form $form --predicate tests.json --type $kind
done
expect 0 pare copy "$image:1" "$address/copied:1"
for name in signed-there copied; do
    expect 0 cosign verify --key ours-ecdsa-p256.pub "${offline[@]}" "$address/$name:1"
    expect 0 cosign verify-attestation --key ours-ecdsa-p256.pub --type $kind "${offline[@]}" "$address/$name:1"
    expect 0 cosign verify-attestation --key ours-ecdsa-p256.pub --type $kind "${bundles[@]}" "$address/$name:1"
    expect 0 cosign verify-attestation --key ours-ecdsa-p256.pub --type $said "${bundles[@]}" "$address/$name:1"
    ! cosign verify --key foreign-ecdsa-p256.pub "${offline[@]}" "$address/$name:1" || fail "cosign verifies with another key"
    expect 0 pare verify "$address/$name:1" --key ours-ecdsa-p256.pub --type $kind
    [[ $(wc -l <stdout) == 2 ]] || fail "pare does not find its attestations in both forms"
done

# cosign takes pare's provenance for SLSA's, of an index and in both forms, and gives it back as it was.
pare build static --arch amd64,arm64 --provenance -o proven --tag app
image=$address/proven:1
expect 0 pare copy oci:proven:app "$image"
for form in tag bundle; do
    expect 0 pare attest "$image" --key ours-ecdsa-p256.key --form $form --type slsaprovenance1
done
pare provenance "$image" --predicate
cp stdout predicate.json
expect 0 cosign verify-attestation --key ours-ecdsa-p256.pub --type slsaprovenance1 "${offline[@]}" "$image"
jq -r .payload stdout | base64 -d | jq -S .predicate | cmp - <(jq -S . predicate.json) || fail "cosign reads another predicate"
expect 0 cosign verify-attestation --key ours-ecdsa-p256.pub --type slsaprovenance1 "${bundles[@]}" "$image"
! cosign verify-attestation --key foreign-ecdsa-p256.pub --type slsaprovenance1 "${offline[@]}" "$image" ||
    fail "cosign verifies provenance with another key"
# What cosign signed, pare rebuilds from.
expect 0 cosign attest --key theirs.key --predicate predicate.json --type slsaprovenance1 "${signing[@]}" "$image"
expect 0 pare rebuild --verify "$image" --key theirs.pub
prints "the same, bit for bit"
expect 4 pare rebuild --verify "$image" --key foreign-ecdsa-p256.pub

# cosign signs beside pare, and pare beside cosign: nothing is lost, each finds both.
for name in signed-there cosign-ecdsa-p256 cosign-ed25519; do
    image=$address/$name@$digest
    expect 0 cosign sign --key theirs.key "${signing[@]}" "$image"
    expect 0 cosign attest --key theirs.key --predicate tests.json --type $kind "${signing[@]}" "$image"
    expect 0 cosign attest --key theirs.key --predicate tests.json --type $said --new-bundle-format "${signing[@]}" "$image"
    for form in tag bundle; do
        expect 0 pare sign "$image" --key foreign-ecdsa-p256.key --form $form
        expect 0 pare attest "$image" --key foreign-ecdsa-p256.key --form $form --predicate tests.json --type $kind
    done
    for key in theirs foreign-ecdsa-p256; do
        expect 0 cosign verify --key $key.pub "${offline[@]}" "$image"
        expect 0 cosign verify-attestation --key $key.pub --type $kind "${offline[@]}" "$image"
        expect 0 cosign verify-attestation --key $key.pub --type $said "${bundles[@]}" "$image"
        expect 0 pare verify "$image" --key $key.pub
        grep -q ' sha256-[0-9a-f]*\.sig layer ' stdout || fail "pare does not find the signature under the tag"
        grep -q ' referrer sha256:' stdout || fail "pare does not find the bundle"
        expect 0 pare verify "$image" --key $key.pub --type $kind
    done
    expect 4 pare verify "$image" --key foreign-ed25519.pub
done

kill "$registry"
wait "$registry" 2>/dev/null || true
