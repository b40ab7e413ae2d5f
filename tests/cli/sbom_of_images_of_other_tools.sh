# Images that pare did not build: packages of dpkg, apk, Python and Node are found in whatever layer
# they are, and files that an upper layer removed are not. A database that nobody can read is told of.
source "$PARE_SOURCE/tests/support/lib.sh"
mkdir -p "$work"/{lower,upper}
put() {
    mkdir -p "$work/$(dirname "$1")"
    cat >"$work/$1"
}
put lower/etc/os-release <<<'ID=debian
VERSION_ID="12"'
put lower/var/lib/dpkg/status <<'END'
Package: libc6
Status: install ok installed
Architecture: amd64
Version: 2.36-9
Source: glibc

Package: zlib1g
Status: install ok installed
Architecture: amd64
Version: 1:1.2.13
Depends: libc6 (>= 2.14)

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1
END
put lower/var/lib/dpkg/info/libc6:amd64.list <<<$'/.\n/lib\n/lib/libc.so.6\n/etc/libc.conf'
put lower/usr/lib/libc.so.6 <<<libc
put lower/etc/libc.conf <<<conf
put lower/etc/removed <<<removed
put lower/usr/share/doc/zlib1g/copyright <<<$'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: us\nLicense: Zlib'
put upper/etc/.wh.removed </dev/null
put upper/app/lib/python3/site-packages/idna-3.4.dist-info/METADATA <<<$'Metadata-Version: 2.1\nName: idna\nVersion: 3.4\nLicense: BSD-3-Clause'
put upper/app/lib/python3/site-packages/idna-3.4.dist-info/RECORD <<<$'idna/core.py,,\nidna-3.4.dist-info/METADATA,,'
put upper/app/lib/python3/site-packages/idna/core.py <<<core
put upper/app/node_modules/@scope/left/package.json <<<'{"name":"@scope/left","version":"1.0.0","license":"MIT","dependencies":{"right":"*"}}'
put upper/app/node_modules/right/package.json <<<'{"name":"right","version":"2.0.0"}'
put upper/app/node_modules/right/index.js <<<right
put upper/lib/apk/db/installed <<<$'P:musl\nV:1.2.5-r0\nA:x86_64\nL:MIT\nF:lib\nR:ld-musl-x86_64.so.1'
put upper/lib/ld-musl-x86_64.so.1 <<<musl
put upper/app/node_modules/broken/package.json <<<'{"name":'

for layer in lower upper; do
    tar -C "$work/$layer" --sort=name --owner=0 --group=0 -cf "$work/$layer.tar" .
done
jq -n --arg lower "sha256:$(sha256sum <"$work/lower.tar" | cut -d' ' -f1)" --arg upper "sha256:$(sha256sum <"$work/upper.tar" | cut -d' ' -f1)" \
    '{architecture: "amd64", os: "linux", created: "2020-01-02T03:04:05Z", rootfs: {type: "layers", diff_ids: [$lower, $upper]}}' >"$work/config.json"
echo '[{"Config":"config.json","RepoTags":["registry.example/team/server:1"],"Layers":["lower.tar","upper.tar"]}]' >"$work/manifest.json"
tar -C "$work" -cf "$work/image.tar" manifest.json config.json lower.tar upper.tar

pare sbom "docker-archive:$work/image.tar" -o "$work/sbom.json"
says "/app/node_modules/broken/package.json cannot be read"
holds() {
    jq -e "$1" "$work/sbom.json" >/dev/null || fail "the SBOM does not hold: $1"
}
holds '.name == "server linux/amd64" and .creationInfo.created == "2020-01-02T03:04:05Z"'
jq -r '.packages[] | select(.externalRefs) | .externalRefs[0].referenceLocator | select(startswith("pkg:oci/") | not)' "$work/sbom.json" >"$work/purls"
sort "$work/purls" | cmp - <(
    cat <<'END'
pkg:apk/debian/musl@1.2.5-r0?arch=x86_64&distro=debian-12
pkg:deb/debian/libc6@2.36-9?arch=amd64&distro=debian-12&upstream=glibc
pkg:deb/debian/zlib1g@1:1.2.13?arch=amd64&distro=debian-12
pkg:npm/%40scope/left@1.0.0
pkg:npm/right@2.0.0
pkg:pypi/idna@3.4
END
) || fail "the packages are $(<"$work/purls")"
owner() {
    jq -r --arg file "./$1" '(.files[] | select(.fileName == $file) | .SPDXID) as $id |
        .relationships[] | select(.relatedSpdxElement == $id) | .spdxElementId' "$work/sbom.json"
}
while read -r file package; do
    [[ $(owner "$file") == SPDXRef-$package* ]] || fail "$file belongs to $(owner "$file")"
done <<'END'
usr/lib/libc.so.6 Package-libc6
etc/libc.conf Package-libc6
app/lib/python3/site-packages/idna/core.py Package-idna
app/node_modules/right/index.js Package-right
lib/ld-musl-x86_64.so.1 Package-musl
etc/os-release Image
END
[[ -z $(owner etc/removed) ]] || fail "a file that was removed is listed"
holds '.packages[] | select(.name == "zlib1g") | .licenseDeclared == "Zlib"'
holds '.packages[] | select(.name == "idna") | .licenseDeclared == "BSD-3-Clause"'
holds '[.relationships[] | select(.relationshipType == "DEPENDS_ON") | .spdxElementId[16:20]] == ["zlib", "-sco"]'

# A Go program names its modules.
python3 - /bin/true "$work/upper/app/server" <<'END'
import sys
program = open(sys.argv[1], "rb").read()
modules = b"path\texample.org/server\nmod\texample.org/server\tv1.2.0\th1:a=\ndep\tgolang.org/x/sys\tv0.1.0\th1:b=\n"
text = b"0" * 16 + modules + b"1" * 16
program += b"\0" * (-len(program) % 16) + b"\xff Go buildinf:\x08\x02" + b"\0" * 16
program += bytes([8]) + b"go1.22.1" + bytes([len(text) & 0x7F | 0x80, len(text) >> 7]) + text
open(sys.argv[2], "wb").write(program)
END
tar -C "$work/upper" --sort=name --owner=0 --group=0 -cf "$work/upper.tar" .
sum=sha256:$(sha256sum <"$work/upper.tar" | cut -d' ' -f1)
jq --arg upper "$sum" '.rootfs.diff_ids[1] = $upper' "$work/config.json" >"$work/config.new" && mv "$work/config.new" "$work/config.json"
tar -C "$work" -cf "$work/image.tar" manifest.json config.json lower.tar upper.tar
pare sbom "docker-archive:$work/image.tar" --sbom-format cyclonedx -o "$work/sbom.json"
jq -r '.components[].purl | select(. != null and startswith("pkg:golang"))' "$work/sbom.json" | sort | xargs >"$work/purls"
[[ $(<"$work/purls") == "pkg:golang/example.org/server@v1.2.0 pkg:golang/golang.org/x/sys@v0.1.0 pkg:golang/stdlib@1.22.1" ]] ||
    fail "the modules are $(<"$work/purls")"
holds '.components[] | select(.name == "example.org/server") | .components[0].name == "/app/server"'

# A jar names itself, and the jar in it.
python3 - "$work/upper/app/app.jar" <<'END'
import io, sys, zipfile
def pom(name, version):
    return f"META-INF/maven/org.example/{name}/pom.properties", f"groupId=org.example\nartifactId={name}\nversion={version}\n"
inner = io.BytesIO()
with zipfile.ZipFile(inner, "w") as jar:
    jar.writestr(*pom("left", "1.2"))
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as jar:
    jar.writestr(*pom("app", "9"))
    jar.writestr("BOOT-INF/lib/left-1.2.jar", inner.getvalue())
END
tar -C "$work/upper" --sort=name --owner=0 --group=0 -cf "$work/upper.tar" .
sum=sha256:$(sha256sum <"$work/upper.tar" | cut -d' ' -f1)
jq --arg upper "$sum" '.rootfs.diff_ids[1] = $upper' "$work/config.json" >"$work/config.new" && mv "$work/config.new" "$work/config.json"
tar -C "$work" -cf "$work/image.tar" manifest.json config.json lower.tar upper.tar
pare sbom "docker-archive:$work/image.tar" -o "$work/sbom.json"
jq -r '.packages[] | select(.externalRefs) | .externalRefs[0].referenceLocator | select(startswith("pkg:maven"))' "$work/sbom.json" | sort | xargs >"$work/purls"
[[ $(<"$work/purls") == "pkg:maven/org.example/app@9 pkg:maven/org.example/left@1.2" ]] || fail "the jars are $(<"$work/purls")"
[[ $(owner app/app.jar) == SPDXRef-Package-*app* ]] || fail "app.jar belongs to $(owner app/app.jar)"
