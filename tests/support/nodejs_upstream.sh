# nodejs_upstream.sh DIRECTORY CACHE: lays out below DIRECTORY what nodejs.org serves of the versions that images/ pins:
# index.json, SHASUMS256.txt and archives, with the programs that npm's packages of Node.js hold (amd64 and arm64; for
# other architectures a text in place of the program). What npm gives is kept in CACHE. Status 77: npm cannot be reached.
set -euo pipefail
directory=$1 cache=$2
images=$(cd "$(dirname "$0")/../../images" && pwd)
command -v npm >/dev/null || { echo "there is no npm" >&2; exit 77; }
versions=$(python3 -c 'import json, sys; print(*(a["version"] for a in json.load(open(sys.argv[1]))["archives"].values()))' \
    "$images/archives.lock.json")
mkdir -p "$cache" "$directory"
list=
for version in $versions; do
    published=$directory/dist/v$version
    mkdir -p "$published"
    for name in x64 arm64 armv7l ppc64le s390x; do
        tree=$directory/tree/node-v$version-linux-$name
        mkdir -p "$tree/bin" "$tree/include/node" "$tree/lib/node_modules/npm"
        echo "licence" >"$tree/LICENSE"
        echo "header" >"$tree/include/node/node.h"
        if [[ $name == x64 || $name == arm64 ]]; then
            package=$cache/node-linux-$name-$version.tgz
            [[ -f $package ]] || (cd "$cache" && npm pack --silent "node-linux-$name@$version" >/dev/null 2>&1) ||
                { echo "npm has no node-linux-$name@$version" >&2; exit 77; }
            tar -xzf "$package" -C "$tree" --strip-components=1 package/bin/node
        else
            echo "no program" >"$tree/bin/node"
        fi
        tar --sort=name --mtime=@1700000000 --owner=1001 --group=1001 -C "$directory/tree" -cf - "${tree##*/}" |
            xz -1 >"$published/node-v$version-linux-$name.tar.xz"
        rm -rf "$directory/tree"
    done
    (cd "$published" && sha256sum -- *.tar.xz >SHASUMS256.txt)
    list+="${list:+, }{\"version\": \"v$version\"}"
done
echo "[$list]" >"$directory/dist/index.json"
