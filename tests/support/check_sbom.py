"""Holds SBOMs against the image that they are about: check_sbom.py LAYOUT DIGEST SCHEMAS FILE...

Reads the layers with tarfile, knows nothing of pare. Every regular file must be listed once with its hash, and nothing
else; every package of dpkg's databases must be there; all references must lead somewhere; the official schemas must hold.
"""
import hashlib
import json
import posixpath
import sys
import tarfile
import warnings
from pathlib import Path

import jsonschema

warnings.filterwarnings("ignore", category=DeprecationWarning)


def blob(layout, digest):
    return layout / "blobs/sha256" / digest.removeprefix("sha256:")


def read_image(layout, digest):
    """The files of an image: (SHA-256, content) by path. Whiteouts of files are enough for what is tested here."""
    files = {}
    for layer in json.loads(blob(layout, digest).read_bytes())["layers"]:
        with tarfile.open(blob(layout, layer["digest"])) as tar:
            for member in tar:
                path = posixpath.normpath(member.name).lstrip("/")
                folder, name = posixpath.split(path)
                if name.startswith(".wh."):
                    gone = posixpath.join(folder, name.removeprefix(".wh."))
                    files = {each: file for each, file in files.items() if each != gone and not each.startswith(gone + "/")}
                elif member.isfile() or member.islnk():
                    content = tar.extractfile(member).read()
                    keep = content if "lib/dpkg/status" in path else b""
                    files[path] = (hashlib.sha256(content).hexdigest(), keep)
                elif not member.isdir():
                    files.pop(path, None)
    return files


def read_packages(files):
    """name -> version, as dpkg's databases have them."""
    packages = {}
    for path, (_, content) in files.items():
        in_directory = path.startswith("var/lib/dpkg/status.d/") and not path.endswith(".md5sums")
        if path != "var/lib/dpkg/status" and not in_directory:
            continue
        for paragraph in content.decode().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in paragraph.splitlines() if ": " in line and line[0] != " ")
            if "Package" in fields and fields.get("Status", "install ok installed") == "install ok installed":
                packages[fields["Package"]] = fields["Version"]
    return packages


def schema_of(name, schemas):
    schema = json.loads((schemas / name).read_text())

    def beside(url):
        """References to schemas that are not here are of parts that no SBOM of ours has: signatures, cryptography."""
        file = schemas / url.rsplit("/", 1)[-1]
        empty = {"definitions": {part: {} for part in ("signature", "algorithmFamiliesEnum", "ellipticCurvesEnum")}}
        return json.loads(file.read_text()) if file.exists() else empty

    handlers = {"http": beside, "https": beside, "": beside}
    return jsonschema.Draft7Validator(schema, resolver=jsonschema.RefResolver(schema.get("$id", ""), schema, handlers=handlers))


def expect(condition, what):
    if not condition:
        sys.exit(f"check_sbom: {what}")


def expect_equal(got, wanted, what):
    missing = sorted(set(wanted) - set(got))[:5]
    more = sorted(set(got) - set(wanted))[:5]
    wrong = sorted(key for key in set(got) & set(wanted) if got[key] != wanted[key])[:5]
    expect(not missing and not more and not wrong, f"{what}: missing {missing}, too many {more}, different {wrong}")


def check_spdx(document, files, packages):
    ids = [element["SPDXID"] for element in [document, *document["packages"], *document["files"]]]
    expect(len(ids) == len(set(ids)), "an SPDXID is there twice")
    contained = {}
    for each in document["relationships"]:
        expect(each["spdxElementId"] in ids and each["relatedSpdxElement"] in ids, f"{each} leads nowhere")
        if each["relationshipType"] == "CONTAINS":
            expect(each["relatedSpdxElement"] not in contained, f"{each} is not the only owner")
            contained[each["relatedSpdxElement"]] = each["spdxElementId"]
    sums = lambda file: {each["algorithm"]: each["checksumValue"] for each in file["checksums"]}
    expect(all(file["SPDXID"] in contained for file in document["files"]), "a file belongs to nothing")
    expect(all(len(sums(file)["SHA1"]) == 40 for file in document["files"]), "a file has no SHA-1")
    listed = [file["fileName"].removeprefix("./") for file in document["files"]]
    expect(len(listed) == len(set(listed)), "a file is listed twice")
    expect_equal({file["fileName"].removeprefix("./"): sums(file)["SHA256"] for file in document["files"]}, files, "files")
    debs = {p["name"]: p["versionInfo"] for p in document["packages"] if "pkg:deb/" in json.dumps(p.get("externalRefs", ""))}
    expect_equal(debs, packages, "packages")
    for package in document["packages"]:
        own = sorted(sums(file)["SHA1"] for file in document["files"] if contained[file["SPDXID"]] == package["SPDXID"])
        code = hashlib.sha1("".join(own).encode()).hexdigest() if own else None
        expect(package.get("packageVerificationCode", {}).get("packageVerificationCodeValue") == code, f"{package['name']}: code")
        declared = package.get("licenseDeclared", "NOASSERTION").replace("(", " ").replace(")", " ").split()
        texts = {text["licenseId"] for text in document.get("hasExtractedLicensingInfos", [])}
        expect({word for word in declared if word.startswith("LicenseRef-")} <= texts, f"{package['name']}: no text")


def check_cyclonedx(document, files, packages):
    top = document["components"]
    every = top + [part for component in top for part in component.get("components", [])]
    references = [each["bom-ref"] for each in [document["metadata"]["component"], *every] if "bom-ref" in each]
    expect(len(references) == len(set(references)), "a bom-ref is there twice")
    for each in document["dependencies"]:
        expect({each["ref"], *each.get("dependsOn", [])} <= set(references), f"{each} leads nowhere")
    found = [part for part in every if part["type"] == "file"]
    sums = lambda file: {each["alg"]: each["content"] for each in file["hashes"]}
    expect(len(found) == len({file["name"] for file in found}), "a file is listed twice")
    expect_equal({file["name"].removeprefix("/"): sums(file)["SHA-256"] for file in found}, files, "files")
    debs = {each["name"]: each["version"] for each in top if each.get("purl", "").startswith("pkg:deb/")}
    expect_equal(debs, packages, "packages")


def check_index(document, index):
    """The document of an index names each image of it."""
    digests = {each["digest"] for each in index["manifests"]}
    parts = document["packages"] if "packages" in document else document["components"]
    named = {part.get("versionInfo", part.get("version")) for part in parts}
    expect(digests <= named, f"{digests - named} is not in the document of the index")


layout, digest, schemas = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
subject = json.loads(blob(layout, digest).read_bytes())
image = read_image(layout, digest) if "layers" in subject else {}
hashes = {path: file[0] for path, file in image.items()}
packages = read_packages(image)
for name in sys.argv[4:]:
    document = json.loads(Path(name).read_text())
    is_spdx = "spdxVersion" in document
    if schemas.is_dir():
        schema_of("spdx-schema-2.3.json" if is_spdx else "cyclonedx.json", schemas).validate(document)
    else:
        print(f"skipped: the schemas are not at {schemas}")
    if "manifests" in subject:
        check_index(document, subject)
    else:
        (check_spdx if is_spdx else check_cyclonedx)(document, hashes, packages)
    print(f"{name}: {len(hashes)} files, {len(packages)} packages of dpkg")
