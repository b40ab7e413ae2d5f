# In a git work tree provenance has the commit, and says plainly when there is more in an image than
# the commit holds; paths are from the top of the work tree. Checks that were turned off are told.
source "$PARE_SOURCE/tests/support/lib.sh"
command -v git >/dev/null || skip "no git"
make_key archive
make_deb hello 1.0
make_repository
definition hello
rewrite=(--rewrite "http://repo.invalid/=file://$work/repo/")
mkdir -p "$work/tree/images"
sed "s/signed-by=[^]]*/trusted=yes check-valid-until=no/; s/^contents:/&\n  files: [{from: ..\/build\/server, to: \/server}]\n  missing-libraries: [libnot.so.1]/" \
    "$work/image.yaml" >"$work/tree/images/server.yaml"
mkdir "$work/tree/build"
echo program >"$work/tree/build/server"
cd "$work/tree"
git init -q
git config user.name Nobody
git config user.email nobody@example.invalid

# what QUERY: of the provenance of a build of now.
what() {
    rm -rf "$work/image"
    expect 0 pare build "$work/tree/images/server.yaml" --arch amd64 "${rewrite[@]}" --provenance -o "$work/image"
    expect 0 pare provenance "oci:$work/image" --predicate
    jq -c ".buildDefinition | $1" "$work/stdout"
}
source_of='[.resolvedDependencies[] | select(.annotations.kind == "source") | [.digest.gitCommit, .annotations.dirty]]'
[[ $(what "$source_of") == "[]" ]] || fail "a revision before the first commit"
git add images
git commit -q -m first
commit=$(git rev-parse HEAD)
[[ $(what "$source_of") == "[[\"$commit\",false]]" ]] || fail "not the revision, or not clean"
[[ $(what '[.externalParameters.definition, (.resolvedDependencies[] | select(.annotations.kind == "file").name)]') == \
    '["images/server.yaml","build/server"]' ]] || fail "paths are not from the top of the work tree"
[[ $(what '[.externalParameters.relaxedChecks[] | split(":")[0]]') == '["missing-library","signature","valid-until"]' ]] ||
    fail "what is relaxed is not told"
GIT_DIR=/nonexistent expect 0 pare rebuild --verify "oci:$work/image" "${rewrite[@]}"
cd "$work"
expect 2 pare rebuild --verify "oci:$work/image" "${rewrite[@]}"
says "hint: give the directory of their revision $commit with --source"
cd "$work/tree"
echo "# changed" >>images/server.yaml
[[ $(what "$source_of") == "[[\"$commit\",true]]" ]] || fail "a change is not told"
git commit -q -a -m second
cp images/server.yaml images/other.yaml
sed -i 's/^contents:/from: other.yaml\ncontents:/' images/server.yaml
git commit -q -a -m third
[[ $(what "$source_of") == "[[\"$(git rev-parse HEAD)\",true]]" ]] || fail "a definition that is not in the commit is not told"
