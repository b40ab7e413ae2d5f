"""Makes umoci's runc configuration run one program hardened: runc_config.py CONFIG PROGRAM ARG..."""
import json
import sys

path, arguments = sys.argv[1], sys.argv[2:]
with open(path) as file:
    spec = json.load(file)
process, linux = spec["process"], spec["linux"]
process["terminal"] = False
process["args"] = arguments
process["noNewPrivileges"] = True
process.pop("rlimits", None)
process["capabilities"] = {kind: [] for kind in process.get("capabilities", {})}
spec["root"]["readonly"] = True
linux.pop("uidMappings", None)
linux.pop("gidMappings", None)
linux.pop("resources", None)
linux["namespaces"] = [space for space in linux["namespaces"] if space["type"] != "user"]
spec["mounts"] = [mount for mount in spec["mounts"]
                  if mount["destination"] not in ("/etc/resolv.conf", "/sys", "/sys/fs/cgroup")]
with open(path, "w") as file:
    json.dump(spec, file)
