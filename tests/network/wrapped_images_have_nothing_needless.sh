# Five programs: without any one of the libraries that pare wrap chose, the program does not start. And an image is hardly larger
# than what its program needs.
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
[[ $(id -u) == 0 ]] || skip "chroot needs root"
[[ $(uname -m) == x86_64 ]] || skip "the programs are for amd64"
debian_tree nginx redis-server redis-tools sqlite3 ffmpeg memcached

# check NAME FILE ARGUMENTS...
check() {
    local name=$1 file=$2 root=$work/bundle-$1/rootfs library count=0
    shift 2
    pare wrap "$file" --distribution debian:12 --name "$name" -o "$work/layout" || fail "pare wrap: $(cat "$work/stderr")"
    unpack "$work/layout" "$name:latest" "$work/bundle-$name"
    chroot "$root" "/usr/bin/$(basename "$file")" "$@" >"$work/said" 2>&1 || fail "$name does not start: $(cat "$work/said")"
    while read -r library; do
        mv "$library" "$work/taken-away"
        chroot "$root" "/usr/bin/$(basename "$file")" "$@" >"$work/said" 2>&1 && fail "$name starts without $library"
        mv "$work/taken-away" "$library"
        count=$((count + 1))
    done < <(find "$root" -name '*.so*' -type f ! -path "$root/etc/*")
    chroot "$root" "/usr/bin/$(basename "$file")" "$@" >"$work/said" 2>&1 || fail "$name does not start any more"
    echo "$name: each of its $count libraries is needed"
}
check sqlite3 "$tree/usr/bin/sqlite3" --version
check redis-cli "$tree/usr/bin/redis-cli" --version
check redis-server "$tree/usr/bin/redis-server" --version
check memcached "$tree/usr/bin/memcached" --version
check ffmpeg "$tree/usr/bin/ffmpeg" -version

# What stands beside the program and its libraries: the release, accounts, records of packages, their copyright files and the
# licences to which these point. The certificates that the program checks belong to what it needs.
pare wrap "$tree/usr/sbin/nginx" --distribution debian:12 -o "$work/layout" || fail "pare wrap nginx"
unpack "$work/layout" nginx:latest "$work/bundle-nginx"
declare -A files=([sqlite3]=usr/bin/sqlite3 [redis-cli]=usr/bin/redis-cli [nginx]=usr/sbin/nginx [ffmpeg]=usr/bin/ffmpeg)
for name in "${!files[@]}"; do
    expect 0 pare wrap "$tree/${files[$name]}" --distribution debian:12 --dry-run --json
    python3 - "$name" "$work/bundle-$name/rootfs" "$work/stdout" <<'END' || fail "$name is larger than 1.05 of what it needs"
import json
import os
import sys

name, root, plan = sys.argv[1:]
with open(plan) as file:
    needed = sum(each["size"] for each in json.load(file)["files"])
everything = bundle = 0
for directory, _, names in os.walk(root):
    for each in names:
        path = os.path.join(directory, each)
        size = 0 if os.path.islink(path) else os.path.getsize(path)
        everything += size
        bundle += size if each == "ca-certificates.crt" else 0
ratio = everything / (needed + bundle)
print(f"{name}: {ratio:.3f} of what it needs")
sys.exit(ratio > 1.05)
END
done
