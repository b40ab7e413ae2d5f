"""Holds index, manifests and configs of a layout against the OCI JSON schemas: check_schemas.py LAYOUT SCHEMAS."""
import json
import sys
from pathlib import Path

import jsonschema

layout, schemas = map(Path, sys.argv[1:])
if not schemas.is_dir():
    print(f"skipped: the OCI schemas are not at {schemas}")
    sys.exit(0)
store = {file.name: json.loads(file.read_text()) for file in schemas.glob("*.json")}


def local(url):
    """Every reference ends in the name of one of the schemas, whatever host it begins with."""
    return store[url.rsplit("/", 1)[-1]]


def check(document, name):
    schema = store[name]
    resolver = jsonschema.RefResolver(schema.get("id", ""), schema, handlers={"https": local, "": local})
    jsonschema.Draft4Validator(schema, resolver=resolver).validate(document)


def walk(digest, media_type):
    document = json.loads((layout / "blobs/sha256" / digest.removeprefix("sha256:")).read_bytes())
    if media_type.endswith("index.v1+json"):
        check(document, "image-index-schema.json")
        for child in document["manifests"]:
            walk(child["digest"], child["mediaType"])
    else:
        check(document, "image-manifest-schema.json")
        if "subject" in document:
            return
        config = document["config"]["digest"].removeprefix("sha256:")
        check(json.loads((layout / "blobs/sha256" / config).read_bytes()), "config-schema.json")


check(json.loads((layout / "oci-layout").read_text()), "image-layout-schema.json")
top = json.loads((layout / "index.json").read_text())
check(top, "image-index-schema.json")
for descriptor in top["manifests"]:
    walk(descriptor["digest"], descriptor["mediaType"])
print("the OCI schemas hold")
