#!/usr/bin/env python3
"""Changes an image, and its provenance with it: tamper.py LAYOUT COPY HOW [PATH [VALUE]].

LAYOUT holds one index with unsigned provenance beside it. In COPY the first image is another one,
in the way of HOW, and the statement is about that, as if its builder had made it so."""
import gzip
import hashlib
import io
import json
import shutil
import sys
import tarfile
from pathlib import Path

STATEMENT = "application/vnd.in-toto+json"


class Layout:
    def __init__(self, root):
        self.blobs = root / "blobs/sha256"

    def read(self, descriptor):
        return (self.blobs / descriptor["digest"].removeprefix("sha256:")).read_bytes()

    def document(self, descriptor):
        return json.loads(self.read(descriptor))

    def put(self, old, data):
        data = data if isinstance(data, bytes) else json.dumps(data).encode()
        digest = hashlib.sha256(data).hexdigest()
        path = self.blobs / digest
        path.unlink(missing_ok=True)
        path.write_bytes(data)
        return old | {"digest": "sha256:" + digest, "size": len(data)}


def change_members(members, how, path):
    """The members of a tar, or None when the tar does not hold that path."""
    at = next((i for i, (info, _) in enumerate(members) if info.name.rstrip("/") == path), None)
    if how == "add":
        info = tarfile.TarInfo(path)
        return members + [(info, b"")] if members[0][0].name else None
    if at is None:
        return None
    info, content = members[at]
    if how == "content":
        members[at] = (info, bytes(len(content)))
    elif how == "mode":
        info.mode |= 0o4000
    elif how == "time":
        info.mtime += 1
    elif how == "link":
        info.linkname = "/etc/passwd"
    elif how == "remove":
        del members[at]
    elif how == "order":
        members[-2:] = reversed(members[-2:])
    return members


def change_tar(tar, how, path):
    source = tarfile.open(fileobj=io.BytesIO(tar))
    members = [(info, source.extractfile(info).read() if info.isreg() else b"") for info in source]
    members = change_members(members, how, path)
    if members is None:
        return None
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as changed:
        for info, content in members:
            changed.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def change_layers(layout, manifest, config, how, path):
    for number, layer in enumerate(manifest["layers"]):
        tar = gzip.decompress(layout.read(layer))
        if how == "compression":
            manifest["layers"][number] = layout.put(layer, gzip.compress(tar, 1, mtime=0))
            return
        changed = change_tar(tar, how, path)
        if changed is not None:
            manifest["layers"][number] = layout.put(layer, gzip.compress(changed, 6, mtime=0))
            config["rootfs"]["diff_ids"][number] = "sha256:" + hashlib.sha256(changed).hexdigest()
            return
    sys.exit(f"no layer holds {path}")


def main():
    source, target, how, *rest = sys.argv[1:]
    shutil.copytree(source, target)
    layout = Layout(Path(target))
    top = json.loads((Path(target) / "index.json").read_text())
    index_entry = next(e for e in top["manifests"] if e["mediaType"].endswith("index.v1+json"))
    index = layout.document(index_entry)
    before = [index_entry["digest"], index["manifests"][0]["digest"]]
    manifest = layout.document(index["manifests"][0])
    config = layout.document(manifest["config"])
    if how == "env":
        name, value = rest
        config["config"]["Env"] = [
            f"{name}={value}" if each.startswith(name + "=") else each for each in config["config"]["Env"]]
    elif how == "index":
        index["annotations"] = {"changed": "yes"}
    else:
        change_layers(layout, manifest, config, how, rest[0])
    if how != "index":
        manifest["config"] = layout.put(manifest["config"], config)
        index["manifests"][0] = layout.put(index["manifests"][0], manifest)
    new_index = layout.put(index_entry, index)
    after = [new_index["digest"], index["manifests"][0]["digest"]]

    for number, entry in enumerate(top["manifests"]):
        if entry is index_entry:
            top["manifests"][number] = new_index
            continue
        artifact = layout.document(entry)
        if artifact["layers"][0]["mediaType"] == STATEMENT:
            text = layout.read(artifact["layers"][0]).decode()
            for old, new in zip(before, after):
                text = text.replace(old.removeprefix("sha256:"), new.removeprefix("sha256:"))
            artifact["layers"][0] = layout.put(artifact["layers"][0], text.encode())
            artifact["subject"] |= {key: new_index[key] for key in ("digest", "size")}
            top["manifests"][number] = layout.put(entry, artifact)
    (Path(target) / "index.json").unlink()
    (Path(target) / "index.json").write_text(json.dumps(top))


main()
