# Provenance counts for exactly one image, by whom you name; a rebuild takes only the files that it
# names by their hashes, and says which of them are not the same.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb hello 1.0
make_deb world 1.0
make_repository
export PARE_PASSWORD=secret
rewrite=(--rewrite "http://repo.invalid/=file://$work/repo/")
mkdir -p "$work/src/data" "$work/src/slices"
cd "$work/src"
echo program >server
echo data >data/table
cat >"slices/hello.yaml" <<'END'
package: hello
slices: {docs: {include: ["usr/share/doc/**"]}}
END
definition hello
sed -i 's/^contents:/&\n  slices: [slices]\n  files: [{from: server, to: \/usr\/bin\/server}, {from: data, to: \/srv}]/' "$work/image.yaml"
mv "$work/image.yaml" server.yaml
built() {
    expect 0 pare build server.yaml --arch amd64 "${rewrite[@]}" --refresh --provenance "$@"
}
built -t server:1 -o "$work/image"
image=oci:$work/image:server:1

# Without provenance there is nothing to hold the image against.
expect 0 pare build server.yaml --arch amd64 "${rewrite[@]}" -o "$work/plain"
expect 2 pare rebuild --verify "oci:$work/plain"
says "no provenance came with oci:$work/plain"
says "hint: pare build --provenance"
expect 2 pare provenance "oci:$work/plain"
expect 2 pare rebuild "$image"
says "needs --verify, or --output"
expect 2 pare build server.yaml --arch amd64 "${rewrite[@]}" --provenance --format docker-archive -o "$work/image.tar"
nothing_written "$work/image.tar"
expect 2 pare build server.yaml --provenance --builder me -o "$work/image"
says "--builder me is no URI"
built --format oci-archive --builder https://ci.example/acme -o "$work/image.tar"
expect 0 pare provenance "oci-archive:$work/image.tar" --predicate -o "$work/predicate.json"
[[ $(jq -r .runDetails.builder.id "$work/predicate.json") == https://ci.example/acme ]] || fail "another builder"
expect 0 pare rebuild --verify "oci-archive:$work/image.tar" "${rewrite[@]}"

# Signed by one key and verified by it.
expect 0 pare keygen -o "$work/ci"
expect 0 pare keygen -o "$work/other"
expect 4 pare rebuild --verify "$image" --key "$work/ci.pub" "${rewrite[@]}"
says "has no attestation of type https://slsa.dev/provenance/v1 by $work/ci.pub"
expect 2 pare attest "$image" --key "$work/ci.key" --type spdx
says "pare attest needs --predicate FILE"
expect 0 pare attest "$image" --key "$work/ci.key" --type slsaprovenance1
expect 0 pare rebuild --verify "$image" --key "$work/other.pub" --key "$work/ci.pub" "${rewrite[@]}"
prints "the same, bit for bit"
prints "provenance: signed by $work/ci.pub (referrer sha256:"
expect 4 pare rebuild --verify "$image" --key "$work/other.pub" "${rewrite[@]}"
says "it is signed by another key than $work/other.pub"
expect 0 pare provenance "$image" --predicate
cp "$work/stdout" "$work/predicate.json"
expect 0 pare verify "$image" --key "$work/ci.pub" --type slsaprovenance1 --json
jq -S '.requirements[0].accepted[0].predicate' "$work/stdout" | cmp - <(jq -S . "$work/predicate.json") || fail "another predicate was signed"

# A statement of another image, and one that contradicts itself.
expect 0 pare provenance "$image" -o "$work/statement.json"
expect 0 pare rebuild --verify "$image" --provenance "$work/statement.json" "${rewrite[@]}"
prints "provenance: $work/statement.json, nobody signed it"
refuses() {
    jq "$1" "$work/statement.json" >"$work/false.json"
    expect 4 pare rebuild --verify "$image" --provenance "$work/false.json" "${rewrite[@]}"
    says "$2"
}
refuses '.subject[].digest.sha256 |= sub("^."; "g")' "is about another image than sha256:"
refuses '.predicateType = "https://spdx.dev/Document"' "is no provenance but of type https://spdx.dev/Document"
refuses '.predicate.buildDefinition.buildType = "https://mobyproject.org/buildkit@v1"' "hint: the image was not built by pare"
refuses '.predicate.buildDefinition.resolvedDependencies[0].content = "QQ=="' "has a text of server.yaml that is not what its hash says"
refuses '.predicate.buildDefinition.internalParameters.lock.document.architectures.amd64[0].packages[0].version = "9"' \
    "has a lock that is not what its hash says"
refuses '(.predicate.buildDefinition.resolvedDependencies[] | select(.annotations.kind == "package")).digest.sha256 |= (explode | reverse | implode)' \
    "names other packages than its lock"

# What is the user's own must be what it was; all that is not is named.
cp -a "$work/src" "$work/changed"
cd "$work/changed"
echo other >server
rm data/table
echo "# more" >>slices/hello.yaml
expect 2 pare rebuild --verify "$image" "${rewrite[@]}"
one_error
says "the sources in $work/changed are not those of the image"
says "  server: has another content"
says "  data/table: is missing"
says "  slices/hello.yaml: has another content"
expect 0 pare rebuild --verify "$image" --source "$work/src" "${rewrite[@]}"
rm -rf "$work/changed"
cp -a "$work/src" "$work/changed"
cd "$work/changed"
echo new >data/new
chmod 755 server
expect 2 pare rebuild --verify "$image" "${rewrite[@]}"
says "  data/new: was not there"
says "  server: was not executable"

# A package that nobody has any more cannot be fetched.
rm "$work"/repo/pool/hello_*
expect 3 pare rebuild --verify "$image" --source "$work/src" --store "$work/empty" "${rewrite[@]}"
expect 0 pare rebuild --verify "$image" --source "$work/src" "${rewrite[@]}"
