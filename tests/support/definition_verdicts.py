"""What the JSON Schema of definitions says of each document: definition_verdicts.py SCHEMA DIRECTORY.

Writes each document into the directory as NAME.yaml (JSON is YAML) and prints `NAME good` or `NAME bad`. The schema itself
is held against its own schema first.
"""
import json
import sys
from pathlib import Path

import jsonschema

GOOD = [
    {},
    None,
    {"from": "cc", "variants": ["latest", "debug"]},
    {"app": "server"},
    {"app": {"paths": ["${arch}/server", "lib"], "dlopen": ["libpq.so.5"], "exclude": ["*.map"]}},
    {"from": "cc:nonroot", "entrypoint": {"command": ["/server", 8080]}, "cmd": "a 'b c'", "work-dir": None},
    {"contents": {"packages": ["a", "b>=1", {"package": "c", "include": ["usr/**"], "strip": 1, "to": "/c"}]}},
    {"contents": {"files": [{"from": "x", "to": "/x", "mode": "0755"}, {"content": "", "to": "/y", "mode": 420}]}},
    {"contents": {"repositories": ["debian:13"], "keyring": [], "packages": None}, "accounts": None},
    {"accounts": {"run-as": 65532, "users": [{"username": "a", "uid": 1}], "groups": [{"groupname": "a", "gid": 1}]}},
    {"environment": {"A": 1, "B": True, "C": None}, "annotations": {"a": "b"}, "os-release": {"NAME": "x"}},
    {"paths": [{"path": "/a", "type": "directory", "permissions": 493, "recursive": True},
               {"path": "/b", "type": "symlink", "source": "a"}]},
    {"archs": ["amd64", "x86_64"], "ports": [80, "53/udp"], "volumes": ["/a"], "stop-signal": "SIGINT"},
    {"variants": {"latest": {}, "x": {"cmd": "a"}, "y": None}, "layering": {"strategy": "origin", "budget": 3}},
    {"distributions": {"debian:13": {"archs": ["amd64"]}, "debian:12": None}, "format": "tar"},
    {"healthcheck": {"command": "/check", "interval": "30s", "retries": 3}, "vcs-url": "https://a@b"},
    {"healthcheck": "http://127.0.0.1/"},
    {"healthcheck": {"probe": "tcp://[::1]:80", "timeout": "1s"}},
    {"certificates": {"additional": [{"name": "a", "content": "PEM"}], "providers": ["b"]}},
    {"contents": {"archives": [{"name": "a", "url": "https://a/${version}", "version": 22, "to": "/a"},
                               {"url": "https://a/b.tar", "sha256": "0" * 64, "strip": 1, "include": ["b"], "to": "/b"},
                               {"url": "https://a/${arch}", "sha256": {"amd64": "0" * 64}, "to": "/c",
                                "arch-names": {"amd64": "x64"}}]}},
    {"contents": {"runtime_keyring": [{"name": "a", "content": "b"}], "build_repositories": ["./a"]}},
]
BAD = [
    [],
    "text",
    {"contens": {}},
    {"app": {"dlopen": ["libpq.so.5"]}},
    {"app": ["server"]},
    {"variants": {"x": {"app": "server"}}},
    {"contents": {"packges": []}},
    {"contents": {"packages": "a"}},
    {"contents": {"packages": [{"include": ["a"]}]}},
    {"contents": {"packages": [{"package": "a", "stripe": 1}]}},
    {"contents": {"files": [{"from": "a"}]}},
    {"contents": {"files": [{"from": "a", "to": "/a", "mode": "rwx"}]}},
    {"contents": {"archives": [{"name": "a", "version": 1}]}},
    {"contents": {"archives": [{"url": "https://a", "sha256": ["0"], "to": "/a"}]}},
    {"accounts": {"users": [{"username": "a"}]}},
    {"accounts": {"users": [{"username": "a", "uid": -1}]}},
    {"accounts": {"groups": [{"groupname": "a", "gid": "many"}]}},
    {"environment": ["A=b"]},
    {"environment": {"A": ["b"]}},
    {"paths": [{"path": "/a", "type": "file"}]},
    {"paths": [{"path": "/a", "type": "directory", "recursive": "maybe"}]},
    {"archs": ["sparc"]},
    {"archs": "amd64"},
    {"work-dir": ["a"]},
    {"cmd": {"a": "b"}},
    {"variants": {"x": {"from": "cc"}}},
    {"variants": "latest"},
    {"distributions": {"debian:13": {"variants": []}}},
    {"layering": {"strategy": "size"}},
    {"layering": {"budget": "many"}},
    {"format": "erofs"},
    {"healthcheck": ["http://127.0.0.1/"]},
    {"healthcheck": {"prob": "http://127.0.0.1/"}},
]

schema = json.loads(Path(sys.argv[1]).read_text())
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for kind, documents in (("good", GOOD), ("bad", BAD)):
    for number, document in enumerate(documents):
        name = f"{kind}-{number}"
        (Path(sys.argv[2]) / f"{name}.yaml").write_text(json.dumps(document))
        verdict = "good" if validator.is_valid(document) else "bad"
        if verdict != kind:
            sys.exit(f"the schema calls this {verdict}: {json.dumps(document)}")
        print(name, verdict)
