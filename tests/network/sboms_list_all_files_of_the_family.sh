# SBOMs of images of the family, in both formats: the official schemas hold, every file of the layers is listed with its
# hash and every package of status.d, whether the build makes them or they are made of the image; a rebuild from nothing
# gives the same bytes.
source "$PARE_SOURCE/tests/support/network.sh"
schemas=${PARE_FIXTURES:-$PARE_SOURCE/../shared/fixtures}/schemas/sbom
reach_archive
make_nodejs
images=(static base-nossl base cc cc:debug python3 nodejs24 java21)
pare build "${images[@]}" "${nodejs[@]}" --arch amd64 --sbom both -o "$work/images"
jq -c '.manifests[] | select(.annotations)' "$work/images/index.json" >"$work/entries"
while read -r entry; do
    tag=$(jq -r '.annotations["org.opencontainers.image.ref.name"]' <<<"$entry")
    digest=$(jq -r .digest <<<"$entry")
    for format in spdx cyclonedx; do
        pare sbom "oci:$work/images:$tag" --sbom-format "$format" -o "$work/built.$format"
        pare sbom "oci:$work/images:$tag" --sbom-format "$format" --derive -o "$work/derived.$format"
    done
    echo "$tag:"
    python3 "$support/check_sbom.py" "$work/images" "$digest" "$schemas" "$work"/{built,derived}.{spdx,cyclonedx}
    # The build knows of every file whose it is.
    jq -e '([.relationships[] | select(.relationshipType == "CONTAINS" and .spdxElementId == "SPDXRef-Image") | .relatedSpdxElement])
        as $loose | [.files[] | select(.comment == null and (.SPDXID | IN($loose[])))] == []' "$work/built.spdx" >/dev/null ||
        fail "$tag: a file is nobody's"
    jq -e '[.packages[] | select(.primaryPackagePurpose == null and .downloadLocation == "NOASSERTION")] == []' \
        "$work/built.spdx" >/dev/null || fail "$tag: a package comes from nowhere"
done <"$work/entries"
before=$(sha256sum <"$work/images/index.json")
rm -rf "$work/images" "$PARE_STORE/images"
mkdir "$PARE_STORE/images"
pare build "${images[@]}" "${nodejs[@]}" --arch amd64 --sbom both -o "$work/images"
[[ $(sha256sum <"$work/images/index.json") == "$before" ]] || fail "a rebuild gives other documents"
