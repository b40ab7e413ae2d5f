"""Copies an OCI layout with all that is attached to its images to a registry on the loopback, or
an image with it from there: registry_layout.py push|pull LAYOUT URL NAME [DIGEST]. Lists of
referrers are kept as the distribution specification asks of clients whose registry keeps none."""

import hashlib
import json
import os
import sys
import urllib.error
import urllib.request

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def ask(method, url, data=None, headers=None):
    request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    with urllib.request.urlopen(request) as answer:
        return answer.read(), answer.headers


def fallback_tag(digest):
    return digest.replace(":", "-")


class Registry:
    def __init__(self, url, name):
        self.url = f"{url}/v2/{name}"

    def put_blob(self, digest, data):
        _, headers = ask("POST", f"{self.url}/blobs/uploads/", b"", {"Content-Length": "0"})
        join = "&" if "?" in headers["Location"] else "?"
        ask(
            "PUT",
            f"{headers['Location']}{join}digest={digest}",
            data,
            {"Content-Type": "application/octet-stream"},
        )

    def put_manifest(self, reference, data, media_type):
        ask("PUT", f"{self.url}/manifests/{reference}", data, {"Content-Type": media_type})

    def manifest(self, reference):
        try:
            data, _ = ask(
                "GET", f"{self.url}/manifests/{reference}", None, {"Accept": f"{MANIFEST}, {INDEX}"}
            )
            return data
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise

    def blob(self, digest):
        return ask("GET", f"{self.url}/blobs/{digest}")[0]

    def add_referrer(self, subject, descriptor):
        tag = fallback_tag(subject)
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": []}
        old = self.manifest(tag)
        if old is not None:
            index = json.loads(old)
        index["manifests"].append(descriptor)
        self.put_manifest(tag, json.dumps(index).encode(), INDEX)


def read_blob(layout, digest):
    with open(os.path.join(layout, "blobs", "sha256", digest.split(":")[1]), "rb") as file:
        return file.read()


def push_manifest(layout, registry, descriptor, reference):
    data = read_blob(layout, descriptor["digest"])
    manifest = json.loads(data)
    for child in manifest.get("manifests", []):
        push_manifest(layout, registry, child, child["digest"])
    for blob in [manifest.get("config")] + manifest.get("layers", []):
        if blob is not None:
            registry.put_blob(blob["digest"], read_blob(layout, blob["digest"]))
    registry.put_manifest(reference, data, descriptor["mediaType"])
    if "subject" in manifest:
        registry.add_referrer(
            manifest["subject"]["digest"],
            {key: value for key, value in descriptor.items() if key != "annotations"},
        )


def push(layout, registry):
    with open(os.path.join(layout, "index.json"), encoding="utf-8") as file:
        entries = json.load(file)["manifests"]
    for entry in entries:
        name = entry.get("annotations", {}).get("org.opencontainers.image.ref.name")
        push_manifest(layout, registry, entry, name.split(":")[-1] if name else entry["digest"])


class Layout:
    def __init__(self, path):
        self.path = path
        self.entries = []
        os.makedirs(os.path.join(path, "blobs", "sha256"), exist_ok=True)

    def put(self, data):
        digest = hashlib.sha256(data).hexdigest()
        with open(os.path.join(self.path, "blobs", "sha256", digest), "wb") as file:
            file.write(data)
        return f"sha256:{digest}"

    def add(self, registry, data, name=None):
        manifest = json.loads(data)
        for blob in [manifest["config"]] + manifest["layers"]:
            self.put(registry.blob(blob["digest"]))
        entry = {"mediaType": manifest["mediaType"], "digest": self.put(data), "size": len(data)}
        if name:
            entry["annotations"] = {"org.opencontainers.image.ref.name": name}
        self.entries.append(entry)

    def finish(self):
        with open(os.path.join(self.path, "oci-layout"), "w", encoding="utf-8") as file:
            json.dump({"imageLayoutVersion": "1.0.0"}, file)
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": self.entries}
        with open(os.path.join(self.path, "index.json"), "w", encoding="utf-8") as file:
            json.dump(index, file)


def pull(path, registry, digest):
    layout = Layout(path)
    layout.add(registry, registry.manifest(digest), "app")
    for end in (".sig", ".att"):
        data = registry.manifest(fallback_tag(digest) + end)
        if data is not None:
            layout.add(registry, data, fallback_tag(digest) + end)
    index = registry.manifest(fallback_tag(digest))
    for referrer in json.loads(index)["manifests"] if index else []:
        layout.add(registry, registry.manifest(referrer["digest"]))
    layout.finish()


if __name__ == "__main__":
    verb, where, url, name = sys.argv[1:5]
    if verb == "push":
        push(where, Registry(url, name))
    else:
        pull(where, Registry(url, name), sys.argv[5])
