# From its provenance an image is built again, for all platforms, without what an earlier build left
# in the store; the same bytes are told, and so is what differs when somebody changed it.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
mkdir -p "$work/tree/usr/bin"
echo "one" >"$work/tree/usr/bin/hello"
chmod 755 "$work/tree/usr/bin/hello"
architecture=all make_deb hello 1.0 "$work/tree"
make_repository
add_architecture armhf
rewrite=(--rewrite "http://repo.invalid/=file://$work/repo/")

mkdir -p "$work/src/app"
cat >"$work/src/base.yaml" <<END
contents:
  repositories: ['deb [signed-by=$work/archive.gpg] http://repo.invalid/ stable main']
  packages: [hello]
variants:
  latest: {}
  debug: {environment: {DEBUG: "1"}}
END
cat >"$work/src/app/server.yaml" <<END
from: ../base.yaml
contents:
  files: [{from: server, to: /usr/bin/server}, {from: data, to: /srv}]
environment: {MODE: fast}
variants: [latest, debug]
END
mkdir -p "$work/src/app/data"
echo program >"$work/src/app/server"
chmod 755 "$work/src/app/server"
echo data >"$work/src/app/data/table"
ln -s table "$work/src/app/data/link"
(cd "$work/src" && pare build app/server.yaml --variant debug --arch amd64,arm/v7 "${rewrite[@]}" --provenance -t server:1 -o "$work/image")
image=oci:$work/image:server:1

pare provenance "$image"
cp "$work/stdout" "$work/statement.json"
jq -e '._type == "https://in-toto.io/Statement/v1" and .predicateType == "https://slsa.dev/provenance/v1" and
    (.subject | length) == 3 and ([.subject[].name] | unique) == ["server:1"]' "$work/statement.json" >/dev/null ||
    fail "not a statement about the index and two images"
jq -e '.predicate.buildDefinition | .buildType == "urn:pare:build:v1" and .externalParameters.definition == "server.yaml" and
    .externalParameters.parameters.variant == "debug" and .externalParameters.parameters.architectures == ["amd64", "arm/v7"]' \
    "$work/statement.json" >/dev/null || fail "other parameters"
[[ $(jq -r '[.predicate.buildDefinition.resolvedDependencies[] | .annotations.kind + " " + .name] | join(",")' "$work/statement.json") == \
    "definition server.yaml,definition ../base.yaml,file data/link,file data/table,file server,package hello" ]] || fail "other dependencies"
! grep -q "$work/src" "$work/statement.json" || fail "the statement names a directory of this host"

# Another build from nothing, elsewhere, says the same.
cp -a "$work/src" "$work/elsewhere"
(cd "$work/elsewhere/app" && pare build server.yaml:debug --arch amd64,arm/v7 "${rewrite[@]}" --provenance -t server:1 --store "$work/cold" --jobs 1 \
    -o "$work/second")
cmp "$work/image/index.json" "$work/second/index.json" || fail "two builds differ in what they say"

# The archive has moved on, the definitions are gone from disk, the index is not asked for: only the
# files of the user must be there.
rm "$work/src/base.yaml" "$work/src/app/server.yaml"
rm -r "$work/repo/dists"
expect 0 pare rebuild --verify "$image" --source "$work/src/app" "${rewrite[@]}" --store "$work/empty"
prints "$image@sha256:"
prints ": the same, bit for bit"
prints "linux/amd64: the same, sha256:"
prints "linux/arm/v7: the same, sha256:"
prints "provenance: beside the image, nobody signed it"
[[ -z $(find "$work/empty" -maxdepth 1 -name 'pare-*') ]] || fail "the store of the rebuild stayed"
expect 0 pare rebuild --verify "$image" --source "$work/src/app" --offline --json --store "$work/empty"
jq -e '.same and (.platforms | length) == 2 and .provenance.signer == null' "$work/stdout" >/dev/null || fail "another result"
cd "$work/src/app"
expect 0 pare rebuild "$image" --offline --store "$work/empty" -o "$work/again"
named() { jq -r '.manifests[] | select(.mediaType | endswith("index.v1+json")).digest' "$1/index.json"; }
[[ $(named "$work/again") == $(named "$work/image") ]] || fail "the rebuilt image is another one"

# What somebody changed is named, in an image whose provenance he changed with it.
tampered() {
    rm -rf "$work/bad"
    python3 "$support/tamper.py" "$work/image" "$work/bad" "$@"
    expect 1 pare rebuild --verify "oci:$work/bad:server:1" "${rewrite[@]}"
    prints "different, rebuilt sha256:"
}
tampered content usr/bin/hello
prints "    /usr/bin/hello: content"
! grep -q "usr/bin/server" "$work/stdout" || fail "a file that is the same is told"
tampered mode usr/bin/server
prints "layer 3 (pare: file /usr/bin/server):"
prints "    /usr/bin/server: mode 4755, rebuilt 0755"
tampered add usr/bin/extra
prints "    /usr/bin/extra: only in the image"
tampered remove srv/table
prints "    /srv/table: only in the rebuilt one"
tampered time srv/table
prints "    /srv/table: mtime "
tampered link srv/link
prints "    /srv/link: link /etc/passwd, rebuilt table"
tampered order srv
prints "    /srv/table: order srv/table, rebuilt srv/link"
tampered compression srv
prints "only its compression differs"
tampered env MODE slow
prints "  environment MODE slow, rebuilt fast"
tampered index
prints "index: other bytes over the same images"
tampered content usr/bin/hello
expect 1 pare rebuild --verify "oci:$work/bad:server:1" "${rewrite[@]}" --json
jq -e '(.same | not) and ([.platforms[] | select(.same | not) | .layers[].paths[].path] == ["/usr/bin/hello"])' "$work/stdout" >/dev/null ||
    fail "--json names another file"

# A blob that is not what its digest says is refused, though all digests are the same.
cp -a "$work/image" "$work/damaged"
chmod -R u+w "$work/damaged"
largest=$(find "$work/damaged/blobs" -type f -exec file --mime-type {} + | grep gzip | head -1 | cut -d: -f1)
cp "$largest" "$work/blob"
printf '\1' | dd of="$work/blob" bs=1 seek=40 conv=notrunc status=none
mv "$work/blob" "$largest"
expect 4 pare rebuild --verify "oci:$work/damaged:server:1" "${rewrite[@]}"
