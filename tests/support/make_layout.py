#!/usr/bin/env python3
"""Makes an OCI layout by hand: make_layout.py DIRECTORY NAME [--layers N] [--size BYTES] [--arch ARCH]...
[--referrers].

An image of N layers with a file of noise each, for one platform or, with several, an index. With
--referrers things belong to it: an SBOM by its subject, a signature of that SBOM, and a signature
under cosign's older tag. The noise is the same each time. Prints the digest."""
import argparse
import gzip
import hashlib
import io
import json
import random
import tarfile
from pathlib import Path

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
REF = "org.opencontainers.image.ref.name"


class Layout:
    def __init__(self, root):
        self.root = Path(root)
        (self.root / "blobs/sha256").mkdir(parents=True, exist_ok=True)
        (self.root / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')

    def put(self, data, media_type):
        data = json.dumps(data).encode() if not isinstance(data, bytes) else data
        digest = hashlib.sha256(data).hexdigest()
        (self.root / "blobs/sha256" / digest).write_bytes(data)
        return {"mediaType": media_type, "digest": "sha256:" + digest, "size": len(data)}

    def image(self, architecture, layers, size):
        descriptors, ids = [], []
        for number in range(layers):
            name = f"{architecture}-{number}"
            stream = io.BytesIO()
            with tarfile.open(fileobj=stream, mode="w") as tar:
                member = tarfile.TarInfo(name)
                member.size = size
                tar.addfile(member, io.BytesIO(random.Random(name).randbytes(size)))
            ids.append("sha256:" + hashlib.sha256(stream.getvalue()).hexdigest())
            packed = gzip.compress(stream.getvalue(), 1, mtime=0)
            descriptors.append(self.put(packed, "application/vnd.oci.image.layer.v1.tar+gzip"))
        config = self.put({"architecture": architecture, "os": "linux", "config": {},
                           "rootfs": {"type": "layers", "diff_ids": ids}},
                          "application/vnd.oci.image.config.v1+json")
        return self.put({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": descriptors},
                        MANIFEST)

    def artifact(self, kind, text, subject=None):
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "artifactType": kind,
                    "config": self.put(b"{}", "application/vnd.oci.empty.v1+json"),
                    "layers": [self.put(text.encode(), kind)], "annotations": {"about": text}}
        if subject:
            manifest["subject"] = {key: subject[key] for key in ("mediaType", "digest", "size")}
        return self.put(manifest, MANIFEST)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory")
    parser.add_argument("name")
    parser.add_argument("--layers", type=int, default=3)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--arch", action="append")
    parser.add_argument("--referrers", action="store_true")
    options = parser.parse_args()
    layout = Layout(options.directory)
    manifests = []
    for architecture in options.arch or ["amd64"]:
        image = layout.image(architecture, options.layers, options.size)
        manifests.append({**image, "platform": {"os": "linux", "architecture": architecture}})
    top = manifests[0]
    if len(manifests) > 1:
        top = layout.put({"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}, INDEX)
    entries = [{**top, "annotations": {REF: options.name}}]
    if options.referrers:
        sbom = layout.artifact("application/spdx+json", "an SBOM", top)
        entries += [sbom, layout.artifact("application/vnd.dev.sigstore.bundle.v0.3+json", "a bundle", sbom)]
        tag = top["digest"].replace(":", "-") + ".sig"
        entries.append({**layout.artifact("application/vnd.dev.cosign.simplesigning.v1+json", "a signature"),
                        "annotations": {REF: tag}})
    (layout.root / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": entries}))
    print(top["digest"])


main()
