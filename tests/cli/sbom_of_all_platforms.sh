# An image for several platforms has an SBOM for each and one for the index, which names the others
# by digest.
source "$PARE_SOURCE/tests/support/lib.sh"
schemas=${PARE_FIXTURES:-$PARE_SOURCE/../shared/fixtures}/schemas/sbom
make_key archive
architecture=all make_deb hello 1.0
make_repository
add_architecture armhf
definition hello
sed -i '/^archs:/d' "$work/image.yaml"
rewrite=(--rewrite "http://repo.invalid/=file://$work/repo/")
pare build "$work/image.yaml" --arch amd64,arm/v7 "${rewrite[@]}" --sbom both -o "$work/image"
top=$(jq -r '.manifests[] | select(.annotations) | .digest' "$work/image/index.json")
[[ $(jq '.manifests | length' "$work/image/index.json") == 7 ]] || fail "not a document a format for two images and their index"

for format in spdx cyclonedx; do
    pare sbom "oci:$work/image" --sbom-format "$format" -o "$work/$format/"
done
(cd "$work/spdx" && ls) >"$work/names"
[[ $(xargs <"$work/names") == "sbom-amd64.spdx.json sbom-arm-v7.spdx.json sbom-index.spdx.json" ]] || fail "files: $(<"$work/names")"
for architecture in amd64 arm; do
    digest=$(jq -r --arg arch "$architecture" '.manifests[] | select(.platform.architecture == $arch) | .digest' \
        "$work/image/blobs/sha256/${top#sha256:}")
    python3 "$support/check_sbom.py" "$work/image" "$digest" "$schemas" "$work"/*/"sbom-$architecture"*
done
sum=$(sha1sum "$work/spdx/sbom-amd64.spdx.json" | cut -d' ' -f1)
jq -e --arg sum "$sum" '.externalDocumentRefs[0].checksum.checksumValue == $sum' "$work/spdx/sbom-index.spdx.json" >/dev/null ||
    fail "the index does not name the document of amd64"
jq -e --arg top "$top" '.metadata.component.version == $top' "$work/cyclonedx/sbom-index.cdx.json" >/dev/null ||
    fail "the document of the index is about something else"
python3 "$support/check_sbom.py" "$work/image" "$top" "$schemas" "$work"/*/sbom-index*

# One platform alone; made anew of what is in it; standard output has the index.
pare sbom "oci:$work/image" --arch arm/v7
cmp "$work/stdout" "$work/spdx/sbom-arm-v7.spdx.json" || fail "--arch gives another document"
pare sbom "oci:$work/image" --arch arm/v7 --derive
jq -e '[.packages[].downloadLocation] | unique == ["NOASSERTION"]' "$work/stdout" >/dev/null || fail "a derived document knows what only the build knows"
pare sbom "oci:$work/image"
cmp "$work/stdout" "$work/spdx/sbom-index.spdx.json" || fail "the index is not what is printed"
expect 2 pare sbom "oci:$work/image" --arch s390x
says "has no image for that architecture"

# A docker-archive has no place for it.
expect 2 pare build "$work/image.yaml" --arch amd64 "${rewrite[@]}" --sbom spdx --format docker-archive -o "$work/image.tar"
says "a docker-archive has no place for application/spdx+json"
nothing_written "$work/image.tar"
