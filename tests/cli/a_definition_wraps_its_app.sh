# `app` of a definition is what pare wrap does, as a part of it: the program with the libraries that it needs, below what else
# the definition says.
source "$PARE_SOURCE/tests/support/lib.sh"
[[ $(uname -m) == x86_64 ]] || skip "the programs are made for amd64"
source "$PARE_SOURCE/tests/support/library_archive.sh"
mkdir "$work/amd64"
cp "$work/program" "$work/amd64/server"
cat >"$work/server.yaml" <<END
app: {paths: ['\${arch}/server'], dlopen: [libone.so.1]}
contents: {repositories: ["$repository"]}
entrypoint: {command: /usr/bin/server --quiet}
environment: {ANSWER: "42"}
archs: [amd64, arm64]
END
build() {
    pare build "$work/server.yaml" --distribution debian:12 --refresh "${from_files[@]}" "$@"
}

expect 0 build --arch amd64 -o "$work/image"
expect 0 pare show files "oci:$work/image"
for path in usr/bin/server "usr/lib/$triplet/libtwo.so.1.0" "usr/lib/$triplet/libone.so.1.0" usr/lib64/ld-linux-x86-64.so.2; do
    grep -q " /$path" "$work/stdout" || fail "$path is not there"
done
if grep -qE "helper|needless" "$work/stdout"; then fail "more than what is needed is there"; fi
skopeo inspect --config "oci:$work/image" | tr -d ' \n' >"$work/config"
for text in '"/usr/bin/server","--quiet"' ANSWER=42 '"User":"65532"'; do
    grep -qF "$text" "$work/config" || fail "the configuration has no $text"
done

# The same by a lock, which names the packages that were found.
expect 0 pare lock "$work/server.yaml" --arch amd64 --distribution debian:12 "${from_files[@]}"
grep -q libtwo1 "$work/server.lock.json" || fail "the lock has no libtwo1"
expect 0 build --arch amd64 --locked -o "$work/again"
cmp "$work/image/index.json" "$work/again/index.json" || fail "the lock gives another image"

# A program for one architecture is none for another; the path says which is which.
expect 2 build --arch arm64 -o "$work/image"
says "arm64/server: No such file"
mkdir "$work/arm64"
cp "$work/program" "$work/arm64/server"
expect 2 build --arch arm64 -o "$work/image"
says "server is for amd64, not for arm64"
says "wrapping the app of server.yaml"

# A base below it is kept, and what it has is not brought again.
cat >"$work/base.yaml" <<END
contents:
  repositories: ["$repository"]
  packages: [base-files, libc6]
END
sed -i '1i from: ./base.yaml' "$work/server.yaml"
expect 0 pare build "$work/base.yaml" --distribution debian:12 --arch amd64 -o "$work/image" "${from_files[@]}"
expect 0 build --arch amd64 -o "$work/image"
python3 - "$work/image" <<'END' || fail "the layers of the base are not below"
import json
import sys

root = sys.argv[1]


def read(digest):
    with open(f"{root}/blobs/sha256/{digest.split(':')[1]}") as file:
        return json.load(file)


with open(f"{root}/index.json") as file:
    tags = {each["annotations"]["org.opencontainers.image.ref.name"]: each["digest"] for each in json.load(file)["manifests"]}
layers = {tag: [layer["digest"] for layer in read(digest)["layers"]] for tag, digest in tags.items()}
base, server = layers["base:latest"], layers["server:latest"]
sys.exit(server[:len(base)] != base or len(server) == len(base))
END

# It is built again from its provenance, wherever the sources are: the lock names steps by their paths
# from the definition.
expect 0 build --arch amd64 --provenance -o "$work/proven"
expect 0 pare provenance "oci:$work/proven"
[[ $(jq -r '[.predicate.buildDefinition.internalParameters.lock.document.architectures.amd64[].definition] | join(" ")' "$work/stdout") == \
    "base.yaml app server.yaml" ]] || fail "other names of steps"
mkdir "$work/moved"
cp -a "$work/amd64" "$work/moved/"
expect 0 pare rebuild --verify "oci:$work/proven" --source "$work/moved" "${from_files[@]}"
echo >>"$work/moved/amd64/server"
expect 2 pare rebuild --verify "oci:$work/proven" --source "$work/moved" "${from_files[@]}"
says "  amd64/server: has another content"

cat >"$work/image.yaml" <<END
from: oci:$work/image:base:latest
app: /bin/true
END
expect 2 pare build "$work/image.yaml" -o "$work/none"
says "'app' is built on a definition, and 'from' names an image"
