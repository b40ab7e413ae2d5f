"""Makes umoci's runc configuration run one program hardened: runc_config.py CONFIG [OPTIONS] [PROGRAM ARG...].

Without a program, what the image runs. --append: that, with these arguments. --host-network: servers are reached on loopback.
--tmp: a writable /tmp, as orchestrators give one to containers with a read-only root.
"""
import json
import sys


def runnable(spec, arguments):
    """What keeps the program of a test from running inside of a container is taken away."""
    spec["process"]["terminal"] = False
    spec["process"]["args"] = arguments or spec["process"]["args"]
    spec["process"].pop("rlimits", None)
    for key in ("uidMappings", "gidMappings", "resources"):
        spec["linux"].pop(key, None)
    spec["linux"]["namespaces"] = [space for space in spec["linux"]["namespaces"] if space["type"] != "user"]
    spec["mounts"] = [mount for mount in spec["mounts"]
                      if mount["destination"] not in ("/etc/resolv.conf", "/sys", "/sys/fs/cgroup")]


def harden(spec):
    process = spec["process"]
    process["noNewPrivileges"] = True
    process["capabilities"] = {kind: [] for kind in process.get("capabilities", {})}
    spec["root"]["readonly"] = True


def reach_from_host(spec):
    spec["linux"]["namespaces"] = [space for space in spec["linux"]["namespaces"] if space["type"] != "network"]


def open_tmp(spec):
    spec["mounts"].append({"destination": "/tmp", "type": "tmpfs", "source": "tmpfs",
                           "options": ["nosuid", "nodev", "mode=1777", "size=64m"]})


OPTIONS = ("--append", "--host-network", "--tmp")


def main(path, *words):
    with open(path) as file:
        spec = json.load(file)
    options = set()
    while words and words[0] in OPTIONS:
        options.add(words[0])
        words = words[1:]
    if "--append" in options:
        words = (*spec["process"]["args"], *words)
    runnable(spec, list(words))
    harden(spec)
    if "--host-network" in options:
        reach_from_host(spec)
    if "--tmp" in options:
        open_tmp(spec)
    with open(path, "w") as file:
        json.dump(spec, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
