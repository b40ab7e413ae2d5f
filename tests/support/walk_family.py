"""Walks every image of a layout and checks what distroless promises: walk_family.py LAYOUT RELEASE COUNT."""
import gzip
import io
import json
import re
import sys
import tarfile
from pathlib import Path

layout, release, expected = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
PASSWD = ("root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\n"
          "nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n")
GROUP = "root:x:0:\nnobody:x:65534:\ntty:x:5:\nstaff:x:50:\nnonroot:x:65532:\n"
# Names that no release image may hold as an executable or a link to one.
FORBIDDEN = re.compile(r"^(ba|da|z|k|a|c|tc)?sh$|^(apt|apt-get|dpkg|dpkg-.*|rpm|apk|dnf|yum|pip3?)$|"
                       r"^(python|perl|ruby|lua|tclsh|awk|gawk|mawk|busybox|node|php)[0-9.]*$")
# What the images of languages are for, and compressed bytes that release images of Debian 13 may have.
LANGUAGES = {"python3": r"python[0-9.]*", "nodejs": r"node"}
ENTRYPOINTS = {"python3": "/usr/bin/python3", "nodejs": "/nodejs/bin/node", "java": "/usr/bin/java"}
LIMITS = {"static": 360_000, "base-nossl": 2_500_000, "base": 6_000_000, "cc": 6_900_000}
problems = []


def kind(name):
    """`java` of java21, `nodejs` of nodejs24."""
    return re.sub("^(java|nodejs)[0-9]+$", r"\1", name)



def blob(digest):
    return (layout / "blobs/sha256" / digest.removeprefix("sha256:")).read_bytes()


class Image:
    """All layers laid over each other: the last entry of a path wins; no whiteouts are expected."""

    def __init__(self, manifest):
        self.config = json.loads(blob(manifest["config"]["digest"]))
        self.layers = len(manifest["layers"])
        self.size = sum(layer["size"] for layer in manifest["layers"])
        self.entries, self.text = {}, {}
        for layer in manifest["layers"]:
            seen = set()
            with tarfile.open(fileobj=io.BytesIO(gzip.decompress(blob(layer["digest"])))) as tar:
                for entry in tar:
                    self.check(entry.name not in seen, f"{entry.name} is twice in one layer")
                    seen.add(entry.name)
                    self.entries[entry.name] = entry
                    if entry.isfile() and entry.size < 1 << 20:
                        self.text[entry.name] = tar.extractfile(entry).read()
                    top = entry.name.split("/")[0]
                    merged = re.fullmatch(r"bin|sbin|lib|lib(32|64|x32|o32)", top)
                    self.check(not merged or entry.issym(), f"{entry.name} is not below /usr")

    name = "?"

    def check(self, good, problem):
        if not good:
            problems.append(f"{self.name}: {problem}")

    def follow(self, path):
        """Symlinks inside the image, component by component."""
        parts, done = path.split("/"), []
        for _ in range(100):
            if not parts:
                return "/".join(done)
            done.append(parts.pop(0))
            entry = self.entries.get("/".join(done))
            if entry is not None and entry.issym():
                target = entry.linkname
                base = [] if target.startswith("/") else done[:-1]
                stack = base
                for part in target.strip("/").split("/"):
                    stack = stack[:-1] if part == ".." else stack + [part]
                parts, done = stack + parts, []
        return path


def check_common(image, variant):
    config = image.config["config"]
    image.check(image.text.get("etc/passwd", b"").decode() == PASSWD, "passwd")
    image.check(image.text.get("etc/group", b"").decode() == GROUP, "group")
    os_release = image.text.get(image.follow("etc/os-release"), b"").decode()
    image.check('PRETTY_NAME="Distroless"' in os_release, "os-release has no PRETTY_NAME")
    image.check(f'VERSION_ID="{release}"' in os_release, "os-release has another release")
    name = {"12": "bookworm", "13": "trixie"}[release]
    image.check(f'VERSION="Debian GNU/Linux {release} ({name})"' in os_release, "VERSION")
    for path in ("etc/ssl/certs/ca-certificates.crt", "usr/share/doc/ca-certificates/copyright",
                 "etc/services", "etc/mime.types", "etc/nsswitch.conf", "etc/debian_version",
                 "usr/share/doc/tzdata/copyright", "usr/share/zoneinfo/Europe/Berlin",
                 "var/lib/dpkg/status.d/tzdata", "var/lib/dpkg/status.d/tzdata.md5sums",
                 "var/lib/dpkg/status.d/ca-certificates"):
        image.check(image.follow(path) in image.entries, f"{path} is missing")
    bundle = image.text.get("etc/ssl/certs/ca-certificates.crt", b"")
    image.check(bundle.count(b"BEGIN CERTIFICATE") > 100, "the CA bundle is small")
    for path, mode, owner in (("tmp", 0o1777, 0), ("root", 0o700, 0), ("home/nonroot", 0o700, 65532)):
        entry = image.entries.get(path)
        image.check(entry is not None and entry.isdir() and entry.mode == mode and entry.uid == owner,
                    f"/{path} is not a directory of mode {mode:o}")
    for link in ("bin", "sbin", "lib"):
        image.check(link in image.entries and image.entries[link].linkname == f"usr/{link}", f"/{link}")
    nonroot = variant.endswith("nonroot")
    image.check(config["User"] == ("65532" if nonroot else "0"), f"user {config['User']}")
    image.check(config["WorkingDir"] == ("/home/nonroot" if nonroot else "/"), "work dir")
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    path += ":/busybox" if variant.startswith("debug") else ""
    image.check(f"PATH={path}" in config["Env"], f"PATH in {config['Env']}")
    image.check("SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt" in config["Env"], "SSL_CERT_FILE")
    image.check(image.layers <= 10, f"{image.layers} layers")
    image.check(image.config["created"] > "2023", "created")


def check_release(image, name):
    for path, entry in image.entries.items():
        base = path.rsplit("/", 1)[-1]
        program = entry.isfile() and entry.mode & 0o111 or entry.issym()
        in_path = re.match(r"(usr/)?(local/)?s?bin/|busybox", path)
        own = re.fullmatch(LANGUAGES.get(kind(name), "-"), base)
        image.check(own or not (program and in_path and FORBIDDEN.match(base)), f"{path} is in it")
        image.check(not re.match(rb"#! *\S*(/sh|bash|perl)", image.text.get(path, b"")) or not entry.mode & 0o111,
                    f"{path} is a script")
        image.check(not entry.mode & 0o6000 or entry.isdir(), f"{path} is setuid")
        image.check(entry.issym() or not entry.mode & 0o002 or path == "tmp", f"{path} is writable by all")
        if entry.isfile():
            image.check(entry.mode != 0o555 or ".so" in path, f"{path} has mode 0555")
    image.check("var/lib/dpkg/status" not in image.entries, "it has a dpkg database")


def check_kind(image, name):
    arch = {"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}[image.config["architecture"]]
    libraries = {"static": [], "base-nossl": ["libc.so.6"], "base": ["libc.so.6", "libssl.so.3"],
                 "cc": ["libc.so.6", "libssl.so.3", "libstdc++.so.6", "libgcc_s.so.1", "libgomp.so.1"],
                 "java": ["libc.so.6", "libstdc++.so.6", "libgcc_s.so.1"]}
    of_parent = "java" if name.startswith("java") else "cc"
    for library in libraries.get(name, libraries[of_parent]):
        image.check(image.follow(f"usr/lib/{arch}/{library}") in image.entries, f"no {library}")
        cache = image.text.get("etc/ld.so.cache", b"")
        image.check(library.encode() + b"\0" in cache, f"{library} is not in ld.so.cache")
    if name == "static":
        image.check("etc/ld.so.cache" not in image.entries, "static has an ld.so.cache")
    if name in ("static", "base-nossl", "base"):
        image.check(f"usr/lib/{arch}/libstdc++.so.6" not in image.entries, "libstdc++ is in it")


index = json.loads((layout / "index.json").read_text())
count = 0
sizes = {}
for descriptor in index["manifests"]:
    tag = descriptor["annotations"]["org.opencontainers.image.ref.name"]
    name, variant = tag.split(":")
    for child in json.loads(blob(descriptor["digest"])).get("manifests", [descriptor]):
        architecture = child.get("platform", {}).get("architecture", "amd64")
        Image.name = f"{tag} {architecture}"
        image = Image(json.loads(blob(child["digest"])))
        check_common(image, variant)
        check_kind(image, name)
        wanted = ENTRYPOINTS.get(kind(name), "")
        if variant.startswith("debug"):
            image.check("busybox/sh" in image.entries, "no /busybox/sh")
            image.check("busybox/busybox" in image.entries, "no busybox")
            image.check(wanted or image.config["config"]["Entrypoint"] == ["/busybox/sh"], "entrypoint")
        else:
            check_release(image, name)
            entrypoint = image.config["config"].get("Entrypoint", [""])[0]
            image.check(entrypoint.startswith(wanted) and bool(entrypoint) == bool(wanted), f"entrypoint {entrypoint}")
            image.check(not entrypoint or image.follow(entrypoint.strip("/")) in image.entries, "entrypoint is not there")
            image.check(not any(path.startswith("busybox") for path in image.entries), "busybox")
        if variant == "latest" and architecture == "amd64":
            sizes[name] = image.size
        count += 1
print(f"debian {release}: {count} images; compressed bytes on amd64: {sizes}")
for name, limit in LIMITS.items():
    if release == "13" and sizes.get(name, 0) > limit:
        problems.append(f"{name} has {sizes[name]} bytes, more than {limit}")
for problem in problems:
    print(problem)
sys.exit(1 if problems or count != expected else 0)
