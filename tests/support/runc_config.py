"""Makes umoci's runc configuration run one program hardened: runc_config.py CONFIG PROGRAM ARG..."""
import json
import sys


def runnable(spec, arguments):
    """What keeps the program of a test from running inside of a container is taken away."""
    spec["process"]["terminal"] = False
    spec["process"]["args"] = arguments
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


def main(path, *arguments):
    with open(path) as file:
        spec = json.load(file)
    runnable(spec, list(arguments))
    harden(spec)
    with open(path, "w") as file:
        json.dump(spec, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
