# The tree that inspect tells is the one that umoci unpacks: files, directories and links of layers
# with whiteouts, opaque directories, hard links across layers, and files in place of directories.
source "$PARE_SOURCE/tests/support/lib.sh"
command -v umoci >/dev/null || skip "no umoci"
python3 - "$work" <<'END'
import gzip, hashlib, io, json, pathlib, sys, tarfile

work = pathlib.Path(sys.argv[1])
blobs = work / "image/blobs/sha256"
blobs.mkdir(parents=True)

def put(data):
    data = data if isinstance(data, bytes) else json.dumps(data).encode()
    digest = hashlib.sha256(data).hexdigest()
    (blobs / digest).write_bytes(data)
    return {"digest": "sha256:" + digest, "size": len(data)}

def layer(*members):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, kind, value in members:
            info = tarfile.TarInfo(name)
            info.mode = 0o755 if kind == tarfile.DIRTYPE else 0o640
            info.type = kind
            if kind == tarfile.REGTYPE:
                info.size = len(value)
                tar.addfile(info, io.BytesIO(value.encode()))
            else:
                info.linkname = value
                tar.addfile(info)
    return stream.getvalue()

D, F, S, H = tarfile.DIRTYPE, tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE
tars = [
    layer(("a", D, ""), ("a/one", F, "1"), ("a/two", F, "22"), ("b", D, ""), ("b/deep", D, ""), ("b/deep/x", F, "xxx"),
          ("b/y", F, "y"), ("c", D, ""), ("c/z", F, "zz"), ("link", S, "a/one"), ("e", F, "e" * 50), ("g", D, ""), ("g/h", F, "h")),
    layer(("a", D, ""), ("a/.wh.one", F, ""), ("a/three", F, "333"), ("b", D, ""), ("b/.wh..wh..opq", F, ""), ("b/new", F, "new"),
          ("c", F, "a file now"), ("hard", H, "e"), (".wh.g", F, ""), ("own", F, "o"), ("own2", H, "own")),
    layer(("a", D, ""), ("a/one", F, "again"), ("e", F, "replaced"), ("link", S, "a/three")),
]
layers, ids = [], []
for tar in tars:
    ids.append("sha256:" + hashlib.sha256(tar).hexdigest())
    layers.append({"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", **put(gzip.compress(tar, mtime=0))})
config = {"mediaType": "application/vnd.oci.image.config.v1+json", **put(
    {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": ids}})}
manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": config, "layers": layers}
entry = {"mediaType": manifest["mediaType"], **put(manifest), "annotations": {"org.opencontainers.image.ref.name": "test"}}
(work / "image/oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
(work / "image/index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [entry]}))
END
umoci unpack --rootless --image "$work/image:test" "$work/bundle" >/dev/null 2>&1
find "$work/bundle/rootfs" -mindepth 1 -printf '/%P %y %s %l\n' |
    awk '{ print $1, $2, ($2 == "f" ? $3 : 0), $4 }' | sort >"$work/wanted"
pare inspect "oci:$work/image:test" --json
jq -r '.[0].files[] | "\(.path) \({file: "f", hard_link: "f", directory: "d", symlink: "l"}[.type]) \(if .type == "directory" or .type == "symlink" then 0 else .size end) \(if .type == "symlink" then .link else "" end)"' \
    "$work/stdout" | sort >"$work/got"
[[ $(wc -l <"$work/wanted") -ge 12 ]] || fail "umoci unpacked $(<"$work/wanted")"
diff "$work/wanted" "$work/got" || fail "the trees differ"
