"""Runs container structure tests against one image of an OCI layout: structure_test.py LAYOUT TAG FILE...

The files are those of container-structure-test, schemaVersion 1.0.0 and 2.0.0, and mean what they
mean to it when it uses docker:
- A command runs without the image's entrypoint, as its user, in its work dir, with docker's
  capabilities, on a fresh root that it may write to. The commands of `setup` ran there before it;
  nobody asks how they ended. Those of `teardown` are never run: the root goes away.
- The exit status is always compared, with 0 unless the test says otherwise.
- $NAME and ${NAME} stand for variables of the image and of globalEnvVars: in values of envVars, in
  commands and, from 2.0.0 on, in the paths of fileExistenceTests.
- Permissions are written as Go does (Lrwxrwxrwx, dtrwxrwxrwx), of the link where the path is one.
  The contents of files are read through links.
- Regular expressions are RE2's: found anywhere, `$` is the end of the text alone, `.` is no newline,
  \\w, \\d and \\b know ASCII only. Python's engine does the work; what the two read differently is refused.
Unlike there, commands have no network, and what is not known here, licenseTests and
containerRunOptions among it, is an error before anything is run: no test is ever skipped.

Exit status: 0 all tests hold, 1 some do not, 2 a file or the image cannot be used.
Needs root, umoci, runc and overlayfs. The mounts are made in a namespace of this process alone.
"""
import contextlib
import ctypes
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from runc_config import runnable

# Shapes of values: scalars by name; [x] is a list of x, (x,) one that is not empty, {} a mapping.
# A mapping must have its NAMED scalars and its lists that are not empty.
TEXT, NAMED, FLAG, NUMBER = "text", "text that is not empty", "true or false", "a number"
PATTERN, BY = "an expression", "any, owner, group or other"
VARIABLE = {"key": NAMED, "value": NAMED}
EXPECTED = {"key": NAMED, "value": TEXT, "isRegex": FLAG}
COMMAND = {"name": NAMED, "setup": [(TEXT,)], "teardown": [(TEXT,)], "envVars": [VARIABLE], "exitCode": NUMBER,
           "expectedOutput": [PATTERN], "excludedOutput": [PATTERN], "expectedError": [PATTERN], "excludedError": [PATTERN]}
EXISTENCE = {"name": NAMED, "path": NAMED, "shouldExist": FLAG, "permissions": TEXT}
CONTENT = {"name": NAMED, "path": NAMED, "expectedContents": [PATTERN], "excludedContents": [PATTERN]}
METADATA = {"envVars": [EXPECTED], "unboundEnvVars": [{"key": NAMED}], "labels": [EXPECTED],
            "entrypoint": [TEXT], "cmd": [TEXT], "workdir": TEXT, "user": TEXT, "exposedPorts": [NAMED],
            "unexposedPorts": [NAMED], "volumes": [NAMED], "unmountedVolumes": [NAMED]}
FIRST = {"schemaVersion": NAMED, "globalEnvVars": [VARIABLE], "commandTests": [COMMAND | {"command": (TEXT,)}],
         "fileExistenceTests": [EXISTENCE], "fileContentTests": [CONTENT]}
SCHEMAS = {
    "1.0.0": FIRST,
    "2.0.0": FIRST | {
        "commandTests": [COMMAND | {"command": NAMED, "args": [TEXT]}],
        "fileExistenceTests": [EXISTENCE | {"uid": NUMBER, "gid": NUMBER, "isExecutableBy": BY}],
        "metadataTest": METADATA,
    },
}
EXECUTABLE_BY = {"any": 0o111, "owner": 0o100, "group": 0o010, "other": 0o001}
# What docker leaves to the root of a container.
CAPABILITIES = ["CAP_" + name for name in (
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW",
    "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT")]


class Unusable(Exception):
    """The file or the image cannot be used at all."""


class Failed(Exception):
    """A test could not come to its end."""


def read(shape, node, file):
    """The value of a YAML node that must have this shape. Scalars are taken as they are written, so
    that a version like 3.10 stays what it is."""
    def check(good, problem, at=node):
        if not good:
            raise Unusable(f"{file}:{at.start_mark.line + 1}: {problem}")

    if isinstance(shape, dict):
        check(isinstance(node, yaml.MappingNode), "a mapping is expected")
        result = {}
        for key, value in node.value:
            check(key.value in shape, f"{key.value} is not known here", key)
            check(key.value not in result, f"{key.value} is there twice", key)
            if value.tag != "tag:yaml.org,2002:null":
                result[key.value] = read(shape[key.value], value, file)
        for key, kind in shape.items():
            check(key in result or not (kind == NAMED or isinstance(kind, tuple)), f"{key} is missing")
        return result
    if isinstance(shape, (list, tuple)):
        check(isinstance(node, yaml.SequenceNode), "a list is expected")
        check(node.value or isinstance(shape, list), "the list is empty")
        return [read(shape[0], item, file) for item in node.value]
    check(isinstance(node, yaml.ScalarNode), f"{shape} is expected")
    if shape == FLAG:
        check(node.value.lower() in ("true", "false"), f"{shape} is expected")
        return node.value.lower() == "true"
    if shape == NUMBER:
        check(re.fullmatch("-?[0-9]+", node.value), f"{shape} is expected")
        return int(node.value)
    check(shape != BY or node.value in EXECUTABLE_BY, f"{shape} is expected")
    check(node.value or shape != NAMED, f"{shape} is expected")
    if shape == PATTERN:
        try:
            expression(node.value)
        except Unusable as error:
            check(False, error)
    return node.value


def read_file(path):
    try:
        node = yaml.compose(Path(path).read_text(encoding="utf-8"), yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Unusable(f"{path}: {error}") from error
    entries = node.value if isinstance(node, yaml.MappingNode) else []
    version = next((value.value for key, value in entries if key.value == "schemaVersion"), None)
    if version not in SCHEMAS:
        raise Unusable(f"{path}: schemaVersion is {version}, not one of {', '.join(SCHEMAS)}")
    suite = read(SCHEMAS[version], node, path)
    metadata = suite.get("metadataTest", {})
    for entry in metadata.get("envVars", []) + metadata.get("labels", []):
        if entry.get("isRegex"):
            expression(entry.get("value", ""))
    if not any(suite.get(kind) for kind, _ in KINDS):
        raise Unusable(f"{path} has no test")
    return suite


# Pieces of an expression: `different` is read differently by RE2 and Python, or by one of them alone.
PIECE = re.compile(r"""
      (?P<different> \\(?:[pPQECGKZ1-9]|x\{) | \(\?(?!:|P<|[is]+[:)]) | [*+?}]\+ | \{, | \[[^\]]*\[: )
    | (?P<end> \$ | \\z )
    | (?P<same> \\. | \[\^?\]?(?:\\.|[^\]\\])*\] | . )""", re.VERBOSE | re.DOTALL)


def expression(text):
    """An RE2 expression as one of Python."""
    result = ""
    for piece in PIECE.finditer(text):
        if piece["different"]:
            raise Unusable(f"expression {text!r}: {piece[0]!r} is not known here")
        result += r"\Z" if piece["end"] else piece[0]
    try:
        return re.compile(result, re.ASCII)
    except re.error as error:
        raise Unusable(f"expression {text!r}: {error}") from error


def expand(text, variables):
    """As Go's os.Expand: a name that is not known is empty, a dollar that no name follows stays."""
    def value(match):
        return variables.get(match["braced"] or match["plain"] or "", "")
    return re.sub(r"\$(?:\{(?P<braced>[^}]*)\}|(?P<plain>[A-Za-z_][A-Za-z0-9_]*|[*#$@!?0-9-]))", value, text)


def search(test, key, text, what, problems):
    """Checks expectedKEY and excludedKEY."""
    for wanted in test.get(f"expected{key}", []):
        if not expression(wanted).search(text):
            problems.append(f"{what} does not hold {wanted!r}: {text!r}")
    for unwanted in test.get(f"excluded{key}", []):
        if expression(unwanted).search(text):
            problems.append(f"{what} holds {unwanted!r}: {text!r}")


def permissions(mode):
    """As Go writes them: letters of the kind and the special bits, or a dash, and nine letters."""
    kinds = ((stat.S_ISDIR, "d"), (stat.S_ISLNK, "L"), (stat.S_ISBLK, "D"), (stat.S_ISCHR, "D"),
             (stat.S_ISFIFO, "p"), (stat.S_ISSOCK, "S"), (lambda mode: mode & stat.S_ISUID, "u"),
             (lambda mode: mode & stat.S_ISGID, "g"), (stat.S_ISCHR, "c"), (lambda mode: mode & stat.S_ISVTX, "t"))
    letters = "".join(letter for holds, letter in kinds if holds(mode))
    return (letters or "-") + "".join(letter if mode & 0o400 >> index else "-"
                                      for index, letter in enumerate("rwxrwxrwx"))


def command(program, *arguments, why):
    result = subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, errors="replace")
    if result.returncode != 0:
        raise Unusable(f"{why}: {result.stderr.strip()}")


class Image:
    """The image, unpacked below a directory that somebody else takes away."""

    def __init__(self, layout, tag, work):
        self.work = work
        self.config = self.read_config(Path(layout), tag).get("config", {})
        self.variables = dict(entry.split("=", 1) for entry in self.config.get("Env") or [])
        command("umoci", "unpack", "--image", f"{layout}:{tag}", work / "image", why=f"unpack {layout}:{tag}")
        self.root = work / "image/rootfs"
        self.spec = json.loads((work / "image/config.json").read_text())

    @staticmethod
    def read_config(layout, tag):
        def blob(descriptor):
            return json.loads((layout / "blobs" / descriptor["digest"].replace(":", "/")).read_text())

        try:
            index = json.loads((layout / "index.json").read_text())
            found = [descriptor for descriptor in index["manifests"]
                     if descriptor.get("annotations", {}).get("org.opencontainers.image.ref.name") == tag]
            if len(found) != 1:
                raise Unusable(f"{layout} has {len(found)} images with the tag {tag}")
            manifest = blob(found[0])
            if "config" not in manifest:
                raise Unusable(f"{layout}:{tag} is an index; name an image of one architecture")
            return blob(manifest["config"])
        except (OSError, ValueError, KeyError) as error:
            raise Unusable(f"{layout}: {error!r}") from error

    def locate(self, path, through_last):
        """The place on disk of a path in the image; no link leads out."""
        pending, done = path.split("/"), []
        for _ in range(1000):
            if not pending:
                return self.root.joinpath(*done)
            part = pending.pop(0)
            place = self.root.joinpath(*done, part)
            if part == "..":
                done = done[:-1]
            elif place.is_symlink() and (pending or through_last):
                target = os.readlink(place)
                done = [] if target.startswith("/") else done
                pending = target.split("/") + pending
            elif part not in ("", "."):
                done.append(part)
        raise OSError("too many links")

    @contextlib.contextmanager
    def fresh_root(self):
        """A root whose changes are kept in memory until the test is over."""
        scratch = self.work / "scratch"
        scratch.mkdir(exist_ok=True)
        command("mount", "-t", "tmpfs", "tmpfs", scratch, why="mount a tmpfs")
        try:
            upper, root = scratch / "upper", scratch / "root"
            for directory in (upper, root, scratch / "work"):
                directory.mkdir()
            shutil.copystat(self.root, upper)
            os.chown(upper, self.root.stat().st_uid, self.root.stat().st_gid)
            command("mount", "-t", "overlay", "overlay", "-o",
                    f"lowerdir={self.root},upperdir={upper},workdir={scratch / 'work'}", root, why="mount an overlay")
            yield root
        finally:
            command("umount", "-R", scratch, why="take the mounts away")

    def run(self, root, arguments, variables):
        """Exit status, standard output and standard error of a command."""
        spec = json.loads(json.dumps(self.spec))
        runnable(spec, arguments)
        home = [entry for entry in spec["process"]["env"] if entry.startswith("HOME=")]
        spec["process"]["env"] = home + [f"{key}={value}" for key, value in variables.items()]
        spec["process"]["capabilities"] = {kind: CAPABILITIES for kind in ("bounding", "effective", "permitted")}
        spec["root"] = {"path": str(root), "readonly": False}
        bundle, log = self.work / "bundle", self.work / "runc.log"
        bundle.mkdir(exist_ok=True)
        (bundle / "config.json").write_text(json.dumps(spec))
        log.unlink(missing_ok=True)
        # The state of runc lies in the work directory too, so that no name can be taken twice.
        runc = ["runc", "--root", self.work / "runc"]
        try:
            result = subprocess.run([*runc, "--log", log, "--log-format", "json", "run", "--bundle", bundle, "test"],
                                    stdin=subprocess.DEVNULL, capture_output=True)
        finally:
            subprocess.run([*runc, "delete", "--force", "test"], capture_output=True)
        # A program that could not be started is not one that ended with status 1.
        for line in log.read_text().splitlines() if log.exists() else []:
            if json.loads(line)["level"] == "error":
                raise Failed(f"{arguments[0]} cannot be started: {json.loads(line)['msg']}")
        return result.returncode, *(text.decode("utf-8", "replace") for text in (result.stdout, result.stderr))


def test_command(image, test, known, version):
    own = {entry["key"]: expand(entry["value"], known) for entry in test.get("envVars", [])}
    arguments = test["command"] if version == "1.0.0" else [test["command"], *test.get("args", [])]
    problems = []
    with image.fresh_root() as root:
        for setup in test.get("setup", []):
            image.run(root, setup, known | own)
        status, output, errors = image.run(root, [expand(part, known) for part in arguments], known | own)
    search(test, "Error", errors, "standard error", problems)
    search(test, "Output", output, "standard output", problems)
    if status != test.get("exitCode", 0):
        problems.append(f"exit status {status} instead of {test.get('exitCode', 0)}: {errors!r}")
    return problems


def test_existence(image, test, known, version):
    path = test["path"] if version == "1.0.0" else expand(test["path"], known)
    wanted = test.get("shouldExist", True)
    place = image.locate(path, through_last=False)
    if not os.path.lexists(place):
        return [f"{path} does not exist"] if wanted else []
    info, problems = place.lstat(), []
    if not wanted:
        problems.append(f"{path} exists")
    actual = permissions(info.st_mode)
    if test.get("permissions", actual) not in ("", actual):
        problems.append(f"{path} has permissions {actual} instead of {test['permissions']}")
    by = test.get("isExecutableBy")
    if by and not info.st_mode & EXECUTABLE_BY[by]:
        problems.append(f"{path} is not executable by {by}: {actual}")
    for key, owner in (("uid", info.st_uid), ("gid", info.st_gid)):
        # -1 is how these files say that anybody may own it.
        if test.get(key, -1) not in (-1, owner):
            problems.append(f"{path} has {key} {owner} instead of {test[key]}")
    return problems


def test_content(image, test, _known, _version):
    place, problems = image.locate(test["path"], through_last=True), []
    if not place.is_file():
        return [f"{test['path']} is not a file" if place.exists() else f"{test['path']} does not exist"]
    search(test, "Contents", place.read_bytes().decode("utf-8", "replace"), test["path"], problems)
    return problems


def test_metadata(image, test, known, _version):
    config, problems = image.config, []
    ports = [port.split("/")[0] for port in config.get("ExposedPorts") or {}]
    volumes = list(config.get("Volumes") or {})
    for what, key, values in (("variable", "envVars", known), ("label", "labels", config.get("Labels") or {})):
        for entry in test.get(key, []):
            name, value = entry["key"], entry.get("value", "")
            if name not in values:
                problems.append(f"{what} {name} is not set")
            elif not (expression(value).search(values[name]) if entry.get("isRegex") else value == values[name]):
                problems.append(f"{what} {name} is {values[name]!r} instead of {value!r}")
    for entry in test.get("unboundEnvVars", []):
        if entry["key"] in known:
            problems.append(f"variable {entry['key']} is set")
    for key, name in (("entrypoint", "Entrypoint"), ("cmd", "Cmd")):
        if test.get(key, config.get(name) or []) != (config.get(name) or []):
            problems.append(f"{key} is {config.get(name) or []} instead of {test[key]}")
    for key, name in (("workdir", "WorkingDir"), ("user", "User")):
        if test.get(key, "") not in ("", config.get(name, "")):
            problems.append(f"{key} is {config.get(name, '')!r} instead of {test[key]!r}")
    for what, values in (("exposedPorts", ports), ("volumes", volumes)):
        problems += [f"{entry} is not one of the {what}" for entry in test.get(what, []) if entry not in values]
    for what, values in (("unexposedPorts", ports), ("unmountedVolumes", volumes)):
        problems += [f"{entry} is there, against {what}" for entry in test.get(what, []) if entry in values]
    return problems


KINDS = (("commandTests", test_command), ("fileContentTests", test_content),
         ("fileExistenceTests", test_existence), ("metadataTest", test_metadata))


def run_file(image, file, suite):
    """The number of tests that failed and of all."""
    known = dict(image.variables)
    for entry in suite.get("globalEnvVars", []):
        known[entry["key"]] = expand(entry["value"], image.variables)
    failed = count = 0
    for kind, check in KINDS:
        tests = suite.get(kind) or []
        for test in tests if isinstance(tests, list) else [tests]:
            try:
                problems = check(image, test, known, suite["schemaVersion"])
            except (Failed, OSError) as error:
                problems = [str(error)]
            count += 1
            failed += bool(problems)
            label = f"{Path(file).name}: {kind}: {test.get('name', '')}".rstrip(" :")
            print(f"{'FAILED' if problems else 'ok'} {label}", *problems, sep="\n    ", flush=True)
    return failed, count


def main(layout, tag, *files):
    # Mounts of this process are seen by nobody else and end with it.
    new_mount_namespace = 0x00020000
    if ctypes.CDLL(None).unshare(new_mount_namespace) != 0:
        raise Unusable("no mount namespace of its own; root is needed")
    command("mount", "--make-rprivate", "/", why="make the mounts private")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="pare-structure-") as work:
        suites = [(file, read_file(file)) for file in files]
        image = Image(layout, tag, Path(work))
        results = [run_file(image, file, suite) for file, suite in suites]
    failed, count = (sum(column) for column in zip(*results))
    print(f"{layout}:{tag}: {count - failed} of {count} tests hold")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit("usage: structure_test.py LAYOUT TAG FILE...")
    try:
        sys.exit(main(*sys.argv[1:]))
    except Unusable as error:
        print(f"structure_test: {error}", file=sys.stderr)
        sys.exit(2)
