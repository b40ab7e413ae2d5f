# The same image has the same SBOM, from a warm and a cold store and at any number of threads; a
# build that changes nothing makes none again.
source "$PARE_SOURCE/tests/support/lib.sh"
make_key archive
make_deb hello 1.0
make_deb other 2.0
make_repository
definition hello other
build --sbom both
first=$(digest)
build --sbom both -vv
says "nothing had changed"
[[ $(digest) == "$first" ]] || fail "a second build gives other documents"
rm -rf "$work/image" "$work/store"
build --sbom both --jobs 1
[[ $(digest) == "$first" ]] || fail "a build from nothing gives other documents"
rm -rf "$work/image"
build --sbom cyclonedx
build --sbom spdx
[[ $(jq '.manifests | length' "$work/image/index.json") == 3 ]] || fail "the documents do not stand side by side"

# A new image takes its documents with it: those of the old one go.
definition hello
build --sbom both
[[ $(jq '.manifests | length' "$work/image/index.json") == 3 ]] || fail "documents of an image that is gone stay"
