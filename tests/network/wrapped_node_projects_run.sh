# Node.js projects with packages of npm run under runc as nonroot on a read-only root with what pare wrap chose for them: a server
# without its development, addons in machine code with the libraries that they need, on each Node.js that there is.
source "$PARE_SOURCE/tests/support/network.sh"
reach_archive
[[ $(id -u) == 0 ]] || skip "runc needs root here"
[[ $(uname -m) == x86_64 ]] || skip "the addons are for amd64"
make_nodejs
export npm_config_cache=$PARE_BUILD/network-npm-cache npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false

# install ARGUMENTS...: packages into the project in this directory.
install() {
    npm install --no-save "$@" >"$work/npm.log" 2>&1 || {
        grep -qE 'ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|E404|E403' "$work/npm.log" && skip "npm cannot be reached"
        cat "$work/npm.log" >&2
        fail "npm install $*"
    }
}
# wrap_it NAME PATH... [OPTIONS...]: into $work/bundle.
wrap_it() {
    local name=$1
    shift
    rm -rf "$work/layout" "$work/bundle"
    expect 0 pare wrap "$@" --name "$name" "${nodejs[@]}" -o "$work/layout"
    unpack "$work/layout" "$name:latest" "$work/bundle"
    echo "$name: $(du -sk "$work/bundle/rootfs/app" | cut -f1) kB in /app, $(du -sk "$work/bundle/rootfs" | cut -f1) kB in all"
}
# said EXPRESSION: what the image runs says that.
said() {
    run_bundle "$work/bundle" >"$work/said" 2>&1 || true
    grep -qE -- "$1" "$work/said" || fail "it says something else: $(tail -n 20 "$work/said")"
}

# A server: its start script is npm's, and its development stays behind.
mkdir "$work/shop" && cd "$work/shop"
cat >package.json <<'END'
{"name": "shop", "version": "1.0.0", "private": true, "engines": {"node": ">=18"},
 "scripts": {"start": "cross-env GREETING=hello node ./server --port"},
 "dependencies": {"express": "^4.21.0"}, "devDependencies": {"semver": "^7.0.0", "node-api-headers": "^1.0.0"}}
END
cat >server.js <<'END'
const express = require("express");
const app = express();
app.get("/", (request, response) =>
    response.json([process.env.GREETING, process.env.NODE_ENV, process.version, process.getuid(), process.cwd()]));
app.listen(Number(process.argv[3]), "127.0.0.1");
END
echo "TOKEN=secret" >.env
install
port=$(free_port)
wrap_it shop "$work/shop"
for name in semver node-api-headers .bin; do
    [[ ! -e $work/bundle/rootfs/app/node_modules/$name ]] || fail "$name is in the image"
done
# The same packages as npm says.
npm ls --omit=dev --all --parseable | sed -n "s|^$work/shop/||p" | sort >"$work/by-npm"
(cd "$work/bundle/rootfs/app" && find node_modules -name package.json -printf '%h\n' | grep -E 'node_modules/(@[^/]*/)?[^/@]*$') |
    sort >"$work/by-pare"
diff "$work/by-npm" "$work/by-pare" || fail "not the packages that npm names"
[[ ! -e $work/bundle/rootfs/app/.env ]] || fail "secrets are in the image"
start_server "$work/bundle" "$port"
answers '^."hello","production","v20\.[0-9.]*",65532,"/app".$' curl -fsS "http://127.0.0.1:$port/"
stop_server
# A new build of the project is one new layer.
echo "// anew" >>server.js
expect 0 pare wrap "$work/shop" "${nodejs[@]}" -o "$work/again"
python3 - "$work/layout" "$work/again" <<'END' || fail "a new build is not one new layer"
import json
import sys


def layers(layout):
    def blob(digest):
        with open(f"{layout}/blobs/sha256/{digest[7:]}") as file:
            return json.load(file)
    with open(f"{layout}/index.json") as file:
        document = json.load(file)
    while "manifests" in document:
        document = blob(document["manifests"][0]["digest"])
    return [layer["digest"] for layer in document["layers"]]


old, new = (layers(layout) for layout in sys.argv[1:])
sys.exit(len(old) != len(new) or sum(a != b for a, b in zip(old, new)) != 1)
END
rm -r node_modules/body-parser
expect 2 pare wrap "$work/shop" "${nodejs[@]}" --dry-run
says "node_modules/express needs body-parser, which no node_modules of the project has"
says "npm ci --omit=dev"

# An addon for Node-API that was compiled here and uses zlib: on every Node.js, with the library where the base has none.
mkdir -p "$work/packed/node_modules/native/build/Release" && cd "$work/packed"
echo '{"name": "packed", "dependencies": {"native": "1"}, "main": "index.js"}' >package.json
echo '{"name": "native", "version": "1.0.0", "main": "build/Release/native.node"}' >node_modules/native/package.json
cat >index.js <<'END'
console.log("crc32 is", require("native").crc32("hello").toString(16), "on", process.version);
END
cat >native.c <<'END'
#include <node_api.h>
#include <string.h>
#include <zlib.h>
static napi_value sum(napi_env env, napi_callback_info info) {
    napi_value value, result;
    size_t count = 1, length = 0;
    char text[256];
    napi_get_cb_info(env, info, &count, &value, NULL, NULL);
    napi_get_value_string_utf8(env, value, text, sizeof text, &length);
    napi_create_uint32(env, (uint32_t)crc32(0, (const unsigned char*)text, (unsigned)length), &result);
    return result;
}
NAPI_MODULE_INIT() {
    napi_value function;
    napi_create_function(env, "crc32", NAPI_AUTO_LENGTH, sum, NULL, &function);
    napi_set_named_property(env, exports, "crc32", function);
    return exports;
}
END
gcc -shared -fPIC -DNODE_GYP_MODULE_NAME=native -I "$work/shop/node_modules/node-api-headers/include" native.c -lz \
    -o node_modules/native/build/Release/native.node
for base in "nodejs 20 debian:13" "nodejs 18 debian:12" "nodejs22 22 debian:13" "nodejs24 24 debian:12"; do
    read -r name major release <<<"$base"
    wrap_it "packed-on-$major" "$work/packed" --from "$name" --distribution "$release"
    said "^crc32 is 3610a686 on v$major\."
    [[ -e $work/bundle/rootfs/usr/lib/x86_64-linux-gnu/libz.so.1 ]] || fail "zlib is not in the image"
done

# Addons of npm, one package for each platform: Rust's, and C++ with a library of its own that is found by RUNPATH.
mkdir "$work/pictures" && cd "$work/pictures"
echo '{"name": "pictures", "type": "module", "dependencies": {"@node-rs/crc32": "^1.10.0", "sharp": "^0.34.0"}}' >package.json
cat >index.js <<'END'
import { crc32 } from "@node-rs/crc32";
import sharp from "sharp";
const picture = await sharp({ create: { width: 40, height: 20, channels: 3, background: "red" } }).resize(10).png().toBuffer();
const { width, height, format } = await sharp(picture).metadata();
console.log("a", format, "of", width, "x", height, "and", crc32("hello").toString(16));
END
install
wrap_it pictures "$work/pictures"
said "^a png of 10 x 5 and 3610a686"

# As pnpm installs it, all of node_modules is links.
mkdir "$work/pnpm" && cd "$work/pnpm"
install pnpm@9
mkdir "$work/linked" && cd "$work/linked"
cp ../pictures/package.json ../pictures/index.js .
"$work/pnpm/node_modules/.bin/pnpm" install --prod --store-dir "$work/pnpm-store" >"$work/npm.log" 2>&1 ||
    fail "pnpm install: $(cat "$work/npm.log")"
wrap_it linked "$work/linked"
[[ -L $work/bundle/rootfs/app/node_modules/sharp ]] || fail "pnpm's links are no links"
said "^a png of 10 x 5 and 3610a686"

# An addon that only Node.js 22 can load.
cd "$work/packed"
echo 'void node_register_module_v127(void) {}' | gcc -x c -shared -fPIC - -o node_modules/native/build/Release/native.node
expect 2 pare wrap "$work/packed" "${nodejs[@]}" --from nodejs --dry-run
says "native.node is for Node.js 22, which nodejs does not have"
says "--from nodejs22"
