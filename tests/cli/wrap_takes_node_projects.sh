# pare wrap of a Node.js project: the modules that it can reach and no other go to a layer of their own, the project to
# another; the version of Node.js is the one that it and its addons allow; what would fail at run time is refused first.
source "$PARE_SOURCE/tests/support/lib.sh"
[[ $(uname -m) == x86_64 ]] || skip "the addons are made for amd64"
cc=${CC:-gcc}
make_key archive
make_deb base-files 12
make_repository
definition base-files
mv "$work/image.yaml" "$work/base.yaml"

# wrap PATH [OPTIONS...]: the definition goes to $work/written.yaml.
wrap() {
    rm -f "$work/written.yaml"
    pare wrap "$@" --write-definition "$work/written.yaml" --offline --arch amd64
}
# wrote TEXT, and lacks TEXT: the definition.
wrote() {
    grep -qF -- "$1" "$work/written.yaml" || fail "the definition does not hold: $1: $(cat "$work/written.yaml")"
}
lacks() {
    if grep -qF -- "$1" "$work/written.yaml"; then fail "the definition holds: $1"; fi
}
# refuses MESSAGE HINT [OPTIONS...]: of $app.
refuses() {
    expect 2 wrap "$app" "${@:3}"
    one_error
    says "$1"
    says "$2"
}
# module DIRECTORY [PACKAGE.JSON [MEMBERS]]: a package called as its directory.
module() {
    mkdir -p "$1"
    local name=${1##*/node_modules/}
    echo "{\"name\": \"$name\", \"version\": \"1.0.0\"${2:+, $2}}" >"$1/package.json"
    echo "module.exports = '$name';" >"$1/index.js"
}
# project [MEMBERS]: a new $app with index.js.
project() {
    app=$work/shop
    rm -rf "$app"
    mkdir -p "$app"
    echo "{\"name\": \"@acme/shop\"${1:+, $1}}" >"$app/package.json"
    echo "console.log('open');" >"$app/index.js"
}

# Modules in the flat form of npm: b is reached by a, and a's own c is another than the one of development.
flat() {
    project '"dependencies": {"a": "1", "@scope/d": "1"}, "devDependencies": {"tool": "1"}'"${1:+, $1}"
    module "$app/node_modules/a" '"dependencies": {"b": "1", "c": "1"}, "optionalDependencies": {"absent": "1"}'
    module "$app/node_modules/b" '"peerDependencies": {"peer": "1", "no-peer": "1"}, "engines": {"node": ">=16"}'
    module "$app/node_modules/peer"
    module "$app/node_modules/c"
    module "$app/node_modules/a/node_modules/c"
    module "$app/node_modules/a/node_modules/nested-tool"
    module "$app/node_modules/@scope/d" '"dependencies": {"@scope/e": "1"}'
    module "$app/node_modules/@scope/e"
    module "$app/node_modules/@scope/tool"
    module "$app/node_modules/tool" '"bin": {"tool": "index.js"}'
    mkdir -p "$app/node_modules/.bin" "$app/node_modules/.cache" "$app/node_modules/.prisma/client" "$app/.git"
    ln -s ../tool/index.js "$app/node_modules/.bin/tool"
    echo TOKEN=secret >"$app/.env"
    echo x >"$app/node_modules/.cache/x"
    echo x >"$app/node_modules/.prisma/client/index.js"
}
flat
expect 0 wrap "$app" --explain
prints "left out: 4 packages of node_modules: only development needs them"
wrote 'from: "nodejs:nonroot"'
wrote 'entrypoint: {command: ["/nodejs/bin/node", "/app/index.js"]}'
wrote 'work-dir: "/app"'
wrote 'NODE_ENV: "production"'
sed -n '/node_modules", to: "\/app\/node_modules"/p' "$work/written.yaml" | grep -q '"/@scope/tool", "/a/node_modules/nested-tool", "/c", "/tool"' ||
    fail "other modules are left out: $(cat "$work/written.yaml")"

# The same, as files in an image: two layers, of which a new build of the project changes one.
layers() {
    python3 - "$1" <<'PY'
import json, sys
def blob(digest): return json.load(open(f"{sys.argv[1]}/blobs/sha256/{digest[7:]}"))
manifest = blob(json.load(open(f"{sys.argv[1]}/index.json"))["manifests"][0]["digest"])
while "manifests" in manifest:
    manifest = blob(manifest["manifests"][0]["digest"])
print(*(layer["digest"] for layer in manifest["layers"]), sep="\n")
PY
}
wrap_image() {
    pare wrap "$app" --from "$work/base.yaml" -o "$1" --arch amd64 --rewrite "http://repo.invalid/=file://$work/repo/"
}
expect 0 wrap_image "$work/first"
expect 0 pare show files "oci:$work/first"
cp "$work/stdout" "$work/files"
for path in index.js package.json node_modules/a/index.js node_modules/a/node_modules/c/index.js node_modules/b/index.js \
    node_modules/peer/index.js node_modules/@scope/e/index.js node_modules/.prisma/client/index.js; do
    grep -q " /app/$path" "$work/files" || fail "$path is not there"
done
if grep -E "tool|\.bin|\.cache|/app/node_modules/c/|\.env|\.git" "$work/files"; then fail "more than what is needed is there"; fi
echo "console.log('open, anew');" >"$app/index.js"
expect 0 wrap_image "$work/second"
[[ $(diff <(layers "$work/first") <(layers "$work/second") | grep -c '^>') == 1 ]] || fail "not just one layer is new"

# The form of pnpm: links into a store.
project '"dependencies": {"a": "1"}, "devDependencies": {"tool": "1"}'
for name in a b tool; do module "$app/node_modules/.pnpm/$name@1/node_modules/$name"; done
module "$app/node_modules/.pnpm/a@1/node_modules/a" '"dependencies": {"b": "1"}'
ln -s ../../b@1/node_modules/b "$app/node_modules/.pnpm/a@1/node_modules/b"
ln -s .pnpm/a@1/node_modules/a "$app/node_modules/a"
ln -s .pnpm/tool@1/node_modules/tool "$app/node_modules/tool"
expect 0 wrap_image "$work/pnpm"
expect 0 pare show files "oci:$work/pnpm"
prints "/app/node_modules/a -> .pnpm/a@1/node_modules/a"
prints "/app/node_modules/.pnpm/a@1/node_modules/b -> ../../b@1/node_modules/b"
prints "/app/node_modules/.pnpm/b@1/node_modules/b/index.js"
if grep tool "$work/stdout"; then fail "pnpm's store came along whole"; fi
# A link that goes over the host's own path is made anew.
ln -sfn "$app/node_modules/.pnpm/a@1/node_modules/a" "$app/node_modules/a"
expect 0 wrap_image "$work/absolute"
expect 0 pare show files "oci:$work/absolute"
prints "/app/node_modules/a -> .pnpm/a@1/node_modules/a"

# A workspace: its packages are the project's own files, and what the one that runs needs comes along.
project '"workspaces": ["packages/*"]'
mkdir -p "$app/packages/api" "$app/packages/lib" "$app/node_modules/@acme"
echo '{"name": "@acme/api", "dependencies": {"@acme/lib": "1"}}' >"$app/packages/api/package.json"
echo "console.log('api');" >"$app/packages/api/server.js"
echo '{"name": "@acme/lib", "dependencies": {"far": "1"}}' >"$app/packages/lib/package.json"
ln -s ../../packages/lib "$app/node_modules/@acme/lib"
module "$app/packages/lib/node_modules/far"
expect 0 wrap "$app" --entrypoint "node packages/api/server.js"
wrote '"/nodejs/bin/node", "/app/packages/api/server.js"'
wrote 'to: "/app/packages/lib/node_modules"'
app=$app/packages/api
refuses "needs @acme/lib, which lies outside of the project" "wrap the directory that has both"

# What is missing.
flat
rm -r "$app/node_modules/a"
refuses "$app needs a, which its node_modules does not have" "npm ci --omit=dev"
expect 0 wrap "$app" --exclude a
flat
rm -r "$app/node_modules/b"
refuses "node_modules/a needs b, which no node_modules of the project has" "npm ci --omit=dev"
project '"dependencies": {"a": "1"}'
echo x >"$app/.pnp.cjs"
refuses "needs a" "nodeLinker: node-modules"
flat
ln -sfn "$work/elsewhere" "$app/node_modules/linked"
module "$work/elsewhere"
echo '{"dependencies": {"linked": "1"}}' >"$app/package.json"
refuses "needs linked, which lies outside of the project: $work/elsewhere" "--install-links"
echo '{"dependencies": ' >"$app/package.json"
refuses "bad JSON" "mend it"

# What was installed for another platform: native packages are optional dependencies, one for each.
project '"dependencies": {"fast": "1"}'
module "$app/node_modules/fast" '"optionalDependencies": {"fast-darwin-arm64": "1", "fast-linux-x64": "1", "fsevents": "1"}'
module "$app/node_modules/fast-darwin-arm64" '"os": ["darwin"], "cpu": ["arm64"]'
refuses "it has fast-darwin-arm64, and not fast-linux-x64" "--os=linux --cpu=x64 --libc=glibc"
module "$app/node_modules/fast-linux-x64" '"os": ["linux"], "cpu": ["x64"]'
expect 0 wrap "$app" --explain
prints "left out: node_modules/fast-darwin-arm64: it is for another platform"
wrote '"/fast-darwin-arm64"'

# The version: of several that fit Debian's own first, then the oldest.
runs_on() {
    project "$3"
    expect 0 wrap "$app" "${@:4}"
    wrote "from: \"$1:nonroot\""
    expect 0 wrap "$app" --dry-run "${@:4}"
    [[ -z $2 ]] || prints "for $2"
}
engines() { echo "\"engines\": {\"node\": \"$1\"}"; }
runs_on nodejs debian:13 "$(engines '>=18')"
runs_on nodejs debian:13 "$(engines '^20.19.0 || >=22.12.0')"
runs_on nodejs debian:12 "$(engines '^18')"
runs_on nodejs debian:12 "$(engines '>=16')" --distribution debian:12
runs_on nodejs22 "" "$(engines '>=21')"
runs_on nodejs22 debian:12 "$(engines '>=20')" --distribution debian:12
runs_on nodejs24 "" "$(engines '24.x')"
runs_on nodejs24 "" "$(engines '>=18')" --from nodejs24
project "$(engines 16)"
refuses "it needs Node.js 16, and images have 20.19.2 (nodejs on debian:13), 22." "widen \"engines\""
expect 0 wrap "$app" --from "$work/base.yaml"
project "$(engines '>=22')"
refuses "it needs Node.js >=22, which nodejs does not have" "--from nodejs22, or --from nodejs24" --from nodejs
project "$(engines 'as new as can be')"
expect 0 wrap "$app"
says "is no range: as new as can be"
project
echo 'lts/jod' >"$app/.nvmrc"
expect 0 wrap "$app"
wrote 'from: "nodejs22:nonroot"'
# Modules may wish for more than the project does.
project '"dependencies": {"a": "1"}'
module "$app/node_modules/a" "$(engines '>=22')"
expect 0 wrap "$app"
wrote 'from: "nodejs22:nonroot"'
expect 0 wrap "$app" --from nodejs
says "a wants Node.js >=22, and the image has 20.19.2"

# Addons. addon PLACE SYMBOL [FLAGS...]: a module with that symbol.
addon() {
    mkdir -p "$(dirname "$1")"
    echo "void $2(void) {}" | "$cc" -x c -shared -fPIC -nostdlib - -o "$1" "${@:3}"
}
native() {
    project '"dependencies": {"native": "1"}'
    module "$app/node_modules/native"
    built=$app/node_modules/native/build/Release
    mkdir -p "$built/obj.target"
    echo 'int x;' | "$cc" -x c -c - -o "$built/obj.target/x.o"
}
native
addon "$built/native.node" napi_register_module_v1
expect 0 wrap "$app" --explain
prints "/app/node_modules/native/build/Release/native.node (yours)"
wrote 'from: "nodejs:nonroot"'
wrote 'archs: ["amd64"]'
addon "$built/native.node" node_register_module_v127
expect 0 wrap "$app"
wrote 'from: "nodejs22:nonroot"'
refuses "native.node is for Node.js 22, which nodejs does not have" "--from nodejs22" --from nodejs
addon "$built/native.node" node_register_module_v93
refuses "native.node is for Node.js 16, and images have" "npm rebuild"
expect 0 wrap "$app" --exclude native.node
addon "$built/native.node" node_register_module_v127
addon "$built/other.node" node_register_module_v115
refuses "native.node is for Node.js 22, and images have" "npm rebuild"
rm "$built/other.node"
# The number of an addon of the old kind stands in the directory of its build only.
addon "$built/native.node" node_module_register
expect 0 wrap "$app"
says "does not say for which Node.js it was built"
echo '{"variables": {"node_module_version": 137}}' >"$app/node_modules/native/build/config.gypi"
expect 0 wrap "$app"
wrote 'from: "nodejs24:nonroot"'
# One that was never built may be missed.
native
touch "$app/node_modules/native/binding.gyp"
expect 0 wrap "$app"
says "the addon of native was not built: npm rebuild native"
addon "$built/native.node" napi_register_module_v1
expect 0 wrap "$app"
if grep -q "not built" "$work/stderr"; then fail "an addon that is there is missed"; fi
# Of those that come for all platforms the right one is taken.
native
prebuilds=$app/node_modules/native/prebuilds
addon "$prebuilds/linux-x64/node.abi115.node" node_register_module_v115
addon "$prebuilds/linux-x64/node.abi127.node" node_register_module_v127
addon "$prebuilds/linux-x64/node.abi115.musl.node" node_register_module_v115
addon "$prebuilds/linux-arm64/node.abi115.node" node_register_module_v115
mkdir -p "$prebuilds/win32-x64"
echo MZ >"$prebuilds/win32-x64/node.napi.node"
expect 0 wrap "$app" --explain
[[ $(grep -c "\.node (yours)" "$work/stdout") == 1 ]] || fail "not one addon: $(cat "$work/stdout")"
prints "prebuilds/linux-x64/node.abi115.node (yours)"
wrote '"/native/prebuilds/linux-arm64"'
wrote '"/native/prebuilds/win32-x64"'
expect 0 wrap "$app" --explain --from nodejs22
prints "prebuilds/linux-x64/node.abi127.node (yours)"
# Others than these would fail.
native
echo MZ >"$built/native.node"
refuses "native.node is for Windows" "--os=linux --cpu=x64"
printf '\317\372\355\376 macOS' >"$built/native.node"
refuses "native.node is for macOS" "--os=linux"
echo text >"$built/native.node"
addon "$built/libmusl.so" f -Wl,-soname,libmusl.so -L"$work" -Wl,--no-as-needed
printf '\0libc.musl-x86_64.so.1\0' >>"$built/libmusl.so"
refuses "libmusl.so is for musl" "--libc=glibc"
rm "$built/libmusl.so"
addon "$built/native.node" napi_register_module_v1
python3 - "$built/native.node" <<'PY'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[18:20] = (183).to_bytes(2, "little")
open(sys.argv[1], "wb").write(data)
PY
refuses "native.node is for arm64, and the image for amd64" "--cpu=x64"
head -c 100 "$built/native.node" >"$built/short.node"
rm "$built/native.node"
refuses "short.node" "damaged"

# What runs. starts ENTRYPOINT [MEMBERS [OPTIONS...]]: the words of the entrypoint.
starts() {
    flat "${2:-}"
    mkdir -p "$app/dist" "$app/bin"
    echo >"$app/dist/main.js"
    echo >"$app/server.js"
    printf '#!/usr/bin/env node\n' >"$app/bin/www"
    expect 0 wrap "$app" "${@:3}"
    wrote "entrypoint: {command: [\"${1// /\", \"}\"]}"
}
node=/nodejs/bin/node
starts "$node /app/dist/main.js" '"main": "dist/main"'
starts "$node /app/server.js" '"scripts": {"start": "node server"}, "main": "dist/main.js"'
starts "$node -r ./server.js /app/bin/www --port 80" '"scripts": {"start": "PORT=80 node -r ./server.js bin/www --port 80"}'
wrote 'PORT: "80"'
starts "$node /app/bin/www" '"scripts": {"start": "npm run serve", "serve": "cross-env NODE_ENV=staging ./bin/www"}'
wrote 'NODE_ENV: "staging"'
starts "$node /app/bin/www" '"bin": "bin/www"'
starts "$node /app/dist/main.js" "" --entrypoint "node dist/main.js"
starts "$node /app/dist/main.js" "" --entrypoint "dist/main.js"
starts "$node /app/dist/main.js --x" '"main": "dist/main.js", "scripts": {"start": "node ."}' --entrypoint "npm start -- --x"
starts "$node -e 1" "" --entrypoint "node -e 1"
starts "/usr/bin/other x" "" --entrypoint "/usr/bin/other x"
project '"dependencies": {"next": "1"}, "scripts": {"start": "next start"}'
module "$app/node_modules/next" '"bin": {"next": "./dist/bin/next"}'
mkdir -p "$app/node_modules/next/dist/bin"
printf '#!/usr/bin/env node\n' >"$app/node_modules/next/dist/bin/next"
expect 0 wrap "$app"
wrote "\"$node\", \"/app/node_modules/next/dist/bin/next\", \"start\""

# does_not_start MESSAGE HINT MEMBERS [OPTIONS...]
does_not_start() {
    flat "$3"
    refuses "$1" "$2" "${@:4}"
}
start() { echo "\"scripts\": {\"start\": \"$1\"}"; }
does_not_start "needs a shell for '&', and images have none" "--entrypoint" "$(start 'npm run build && node .')"
does_not_start "starts by nodemon, which starts the program anew" '"node index.js"' "$(start 'nodemon index.js')"
does_not_start "starts by ts-node, which translates" "--entrypoint" "$(start 'ts-node src/index.ts')"
does_not_start "starts by pm2-runtime" "--entrypoint" "$(start 'pm2-runtime index.js')"
does_not_start "it runs tool, which only its devDependencies have" "--entrypoint" "$(start tool)"
does_not_start "it runs unheard-of, which is no file" "--entrypoint" "$(start unheard-of)"
does_not_start "its script \"start\": it calls itself" "--entrypoint" "$(start 'npm start')"
does_not_start "it runs npm explore, and images have no npm" "--entrypoint" "" --entrypoint "npm explore"
does_not_start "it runs dist/index.js, which is not there" "npm run build" '"main": "dist/index.js"'
does_not_start "it runs gone.js, which is not there" "npm run build" "" --entrypoint "node gone.js"
project '"main": "index.ts"'
mv "$app/index.js" "$app/index.ts"
refuses "index.ts is TypeScript" "build it first"
project '"main": "main.js"'
rm "$app/index.js"
refuses "it runs main.js, which is not there" "npm run build"
project
mv "$app/index.js" "$app/other.js"
refuses "it does not say what runs" "--entrypoint"

# A script alone, which its package.json may have as a module.
project '"type": "module"'
expect 0 wrap "$app/index.js"
wrote "\"$node\", \"/app/index.js\""
wrote 'content: "{\"type\": \"module\"}\n"'
module "$app/node_modules/a"
expect 0 wrap "$app/index.js"
says "only index.js goes into the image"
expect 0 wrap "$app/index.js" "$app/node_modules"
wrote 'to: "/app/node_modules"'
printf '#!/usr/bin/env node\n' >"$work/tool"
expect 0 wrap "$work/tool"
wrote "\"$node\", \"/app/tool\""
app=$work/tool.ts
echo >"$app"
refuses "tool.ts is TypeScript" "build it first"

# The server of Next.js comes with the modules that it needs, and these with the files that it needs.
project '"dependencies": {"next": "1", "never-loaded": "1"}, "scripts": {"start": "next start"}'
module "$app/node_modules/next" '"dependencies": {"not-traced": "1"}'
echo 'process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = "{}"' >"$app/server.js"
expect 0 wrap "$app"
wrote "\"$node\", \"/app/server.js\""
