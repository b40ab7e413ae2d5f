// SPDX-License-Identifier: Apache-2.0
// What package.json, addons and start commands say.
#include "support/expect.hh"
#include "wrap/node.hh"

#include <doctest/doctest.h>

namespace pare::test {

namespace {

using wrap::foreign_part;
using wrap::parse_node_package;
using wrap::parse_start_command;
using wrap::read_node_addon;

using Texts = std::vector<std::string>;
using NameSet = std::set<std::string>;

const wrap::NodePlatform kHere{"x64"};

wrap::NodePackage package(const std::string& text) {
    return parse_node_package(text, "package.json");
}

/// A file with these names among its strings.
std::string library_with(const std::string& names) {
    return "\177ELF" + std::string(60, '\0') + names + std::string(1, '\0');
}

const std::string kZero(1, '\0');

} // namespace

TEST_CASE("package.json tells what a program is and needs") {
    const wrap::NodePackage read = package(R"({
        "name": "@acme/shop", "main": "lib/index.js", "type": "module",
        "engines": {"node": ">=20", "npm": ">=9"},
        "bin": {"shop": "bin/shop.js", "broken": 3},
        "scripts": {"start": "node .", "build": "tsc"},
        "dependencies": {"express": "^4", "fsevents": "2"},
        "optionalDependencies": {"fsevents": "2"},
        "peerDependencies": {"react": "*", "vue": "*"},
        "peerDependenciesMeta": {"vue": {"optional": true}, "react": {"optional": false}},
        "bundledDependencies": ["kept-inside"],
        "devDependencies": {"typescript": "5"},
        "os": ["linux"], "cpu": "x64"})");
    CHECK(read.name == "@acme/shop");
    CHECK(read.main == "lib/index.js");
    CHECK(read.type == "module");
    CHECK(read.node == ">=20");
    CHECK(read.bin == std::map<std::string, std::string>{{"shop", "bin/shop.js"}});
    CHECK(read.scripts.at("start") == "node .");
    CHECK(read.dependencies == NameSet{"express", "kept-inside"});
    CHECK(read.optional == NameSet{"fsevents"});
    CHECK(read.peers == NameSet{"react"});
    CHECK(read.os == Texts{"linux"});
    CHECK(read.cpu == Texts{"x64"});
}

TEST_CASE("a single command is called as the package, without its scope") {
    const std::map<std::string, std::string> shop{{"shop", "cli.js"}};
    CHECK(package(R"({"name": "@acme/shop", "bin": "cli.js"})").bin == shop);
    CHECK(package(R"({"bin": "cli.js"})").bin.empty());
}

TEST_CASE("fields of a wrong type are not said, and of two the last counts") {
    const wrap::NodePackage read = package(
        R"({"name": 1, "main": [], "engines": ["node >= 0.6"], "dependencies": ["x"],
            "bundleDependencies": true, "main": "a.js", "main": "b.js"})");
    CHECK(read.name.empty());
    CHECK(read.node.empty());
    CHECK(read.dependencies.empty());
    CHECK(read.main == "b.js");
    CHECK(package("\xEF\xBB\xBF{\"name\": \"x\"}").name == "x");
}

TEST_CASE("a name that could lead elsewhere is no name of a package") {
    const wrap::NodePackage read = package(
        R"({"name": "../x", "dependencies": {"..": "1", ".": "1", "../x": "1", "a/b": "1", "": "1",
            "@a/..": "1", "@/b": "1", "@a": "1", "/etc": "1", "a\u0000b": "1", "good": "1",
            "@a/b/c": "1", "@a/b": "1", "c:d": "1"}})");
    CHECK(read.name.empty());
    CHECK(read.dependencies == NameSet{"good", "@a/b"});
}

TEST_CASE("what is no JSON object is refused, with the place") {
    for (const char* text : {"", "[]", "\"text\"", "{\"a\": }", "{\"name\": \"x\",}"}) {
        CAPTURE(text);
        const auto error = thrown_by([&] { return package(text); });
        REQUIRE(error);
        CHECK(error->kind() == ErrorKind::definition);
        CHECK_FALSE(error->hint().empty());
    }
}

TEST_CASE("packages say for which platform they are") {
    const auto fits = [](const std::string& text) { return wrap::fits(package(text), kHere); };
    CHECK(fits("{}"));
    CHECK(fits(R"({"os": ["linux"], "cpu": ["x64"], "libc": ["glibc"]})"));
    CHECK(fits(R"({"os": ["!win32"]})"));
    CHECK(fits(R"({"os": ["darwin", "linux"]})"));
    CHECK_FALSE(fits(R"({"os": ["darwin"]})"));
    CHECK_FALSE(fits(R"({"os": ["!linux"]})"));
    CHECK_FALSE(fits(R"({"os": ["linux"], "cpu": ["arm64"]})"));
    CHECK_FALSE(fits(R"({"os": ["linux"], "cpu": ["x64"], "libc": ["musl"]})"));
    CHECK_FALSE(fits(R"({"name": "x-linux-x64-musl", "os": ["linux"], "cpu": ["x64"]})"));
}

TEST_CASE("architectures have other names in Node.js") {
    CHECK(wrap::node_platform_of("amd64").cpu == "x64");
    CHECK(wrap::node_platform_of("arm/v7").cpu == "arm");
    CHECK(wrap::node_platform_of("ppc64le").cpu == "ppc64");
    CHECK(wrap::node_platform_of("riscv64").cpu == "riscv64");
}

TEST_CASE("names of packages tell whether they are for this platform") {
    for (const char* name : {"@esbuild/linux-x64", "@swc/core-linux-x64-gnu", "x_linux_x86_64"}) {
        CAPTURE(name);
        CHECK(wrap::names_platform(name, kHere));
    }
    for (const char* name :
         {"@esbuild/linux-arm64", "@swc/core-linux-x64-musl", "fsevents",
          "@img/sharp-linuxmusl-x64", "@esbuild/darwin-x64", "linux"}) {
        CAPTURE(name);
        CHECK_FALSE(wrap::names_platform(name, kHere));
    }
}

TEST_CASE("paths of native files say when they are for another platform") {
    CHECK(
        foreign_part("x/prebuilds/darwin-x64+arm64/x.node", kHere) ==
        "x/prebuilds/darwin-x64+arm64");
    CHECK(foreign_part("x/prebuilds/win32-x64/x.node", kHere) == "x/prebuilds/win32-x64");
    CHECK(foreign_part("x/prebuilds/linux-arm64/x.node", kHere) == "x/prebuilds/linux-arm64");
    CHECK(
        foreign_part("x/prebuilds/linux-x64/node.napi.musl.node", kHere) ==
        "x/prebuilds/linux-x64/node.napi.musl.node");
    CHECK(
        foreign_part("x/prebuilds/linux-x64/electron.abi110.node", kHere) ==
        "x/prebuilds/linux-x64/electron.abi110.node");
    CHECK(foreign_part("@img/sharp-linuxmusl-x64/lib/x.node", kHere) == "@img/sharp-linuxmusl-x64");
    CHECK(foreign_part("o/bin/napi-v3/win32/x64/onnx.node", kHere) == "o/bin/napi-v3/win32");
    CHECK(
        foreign_part("o/bin/napi-v3/linux/arm64/onnx.node", kHere) == "o/bin/napi-v3/linux/arm64");
    CHECK(foreign_part("o/bin/napi-v3/linux/x64/onnx.node", kHere) == "");
    CHECK(foreign_part("x/prebuilds/linux-x64/node.abi115.glibc.node", kHere) == "");
    CHECK(foreign_part("x/lib/binding/napi-v6-linux-glibc-x64/x.node", kHere) == "");
    CHECK(foreign_part("x/dist/x.x86_64-unknown-linux-gnu.so", kHere) == "");
    CHECK(
        foreign_part("x/dist/x.aarch64-unknown-linux-gnu.so", kHere) ==
        "x/dist/x.aarch64-unknown-linux-gnu.so");
    CHECK(foreign_part("x/build/Release/x.node", kHere) == "");
    CHECK(foreign_part("x/prebuilds/linux-arm/node.napi.armv7.node", {"arm"}) == "");
    CHECK(foreign_part("", kHere) == "");
}

TEST_CASE("an addon says which Node.js can load it") {
    const auto with = [](const std::string& symbol) {
        return read_node_addon(library_with(kZero + symbol));
    };
    CHECK(with("node_register_module_v115").abi == 115);
    CHECK_FALSE(with("node_register_module_v115").fits_all);
    CHECK(with("napi_register_module_v1").fits_all);
    CHECK(with("napi_module_register").fits_all);
    CHECK(with("node_register_module_v%d" + kZero + "node_register_module_v127").abi == 127);
    // Of the old macro only the build directory tells.
    CHECK(with("node_module_register").abi == 0);
    CHECK_FALSE(with("node_module_register").fits_all);
    // Node-API serves all, whatever else is there.
    CHECK(with("node_register_module_v93" + kZero + "napi_register_module_v1").fits_all);
    CHECK(with("").fits_all);
}

TEST_CASE("an addon of another system is none here") {
    CHECK(read_node_addon("\xCF\xFA\xED\xFE....").problem == "for macOS");
    CHECK(read_node_addon("\xCA\xFE\xBA\xBE....").problem == "for macOS");
    CHECK(read_node_addon("MZ....").problem == "for Windows");
    CHECK(read_node_addon("text").problem == "no shared library");
    CHECK(read_node_addon("").problem == "no shared library");
    CHECK(
        read_node_addon(library_with(kZero + "libc.musl-x86_64.so.1")).problem ==
        "for musl, and Debian's libraries are for glibc");
    CHECK(wrap::looks_native("MZ"));
    CHECK(wrap::looks_native("\177ELF"));
    CHECK_FALSE(wrap::looks_native("module.exports = 1"));
}

TEST_CASE("versions of Node.js have numbers of their ABI") {
    CHECK(wrap::node_abi_of(18) == 108);
    CHECK(wrap::node_abi_of(20) == 115);
    CHECK(wrap::node_abi_of(22) == 127);
    CHECK(wrap::node_abi_of(24) == 137);
    CHECK(wrap::node_abi_of(3) == 0);
    CHECK(wrap::name_of_node_abi(93) == "Node.js 16");
    CHECK(wrap::name_of_node_abi(125) == "the ABI 125 (Electron has such)");
    CHECK(
        wrap::abi_of_gyp_config("# made by node-gyp\n{ \"variables\": {\n"
                                "  \"node_module_version\": 127,\n") == 127);
    CHECK(wrap::abi_of_gyp_config("'node_module_version': '115'") == 115);
    CHECK(wrap::abi_of_gyp_config("node_module_version") == 0);
    CHECK(wrap::abi_of_gyp_config("") == 0);
}

TEST_CASE("a start command that needs no shell is words and an environment") {
    const wrap::StartCommand plain = parse_start_command("node dist/index.js --port 80");
    CHECK(plain.problem.empty());
    CHECK(plain.words == Texts{"node", "dist/index.js", "--port", "80"});
    const wrap::StartCommand set =
        parse_start_command("cross-env NODE_ENV=production LABEL='a $b' node -r \"./x y.js\" .");
    CHECK(
        set.environment ==
        std::map<std::string, std::string>{{"LABEL", "a $b"}, {"NODE_ENV", "production"}});
    CHECK(set.words == Texts{"node", "-r", "./x y.js", "."});
}

TEST_CASE("what a shell would do something about is refused") {
    for (const char* command :
         {"npm run build && node .", "node . | pino-pretty", "node $FILE", "node \"$FILE\"",
          "node `which x`", "node . > log", "node dist/*.js", "node .;", "node . &", "(node .)",
          "node .\nnode ."}) {
        CAPTURE(command);
        CHECK(parse_start_command(command).problem.find("shell") != std::string::npos);
    }
    CHECK(parse_start_command("node 'x").problem == "a ' quote is not closed in: node 'x");
    CHECK(parse_start_command("").problem == "it runs nothing");
    CHECK(parse_start_command("PORT=80").problem == "it runs nothing");
}

TEST_CASE("the program is the first argument of node that is no option") {
    using Found = std::optional<std::size_t>;
    CHECK(wrap::find_node_program({"x.js", "y.js"}) == Found(0));
    CHECK(wrap::find_node_program({"--enable-source-maps", "-r", "./a.js", "x.js"}) == Found(3));
    CHECK(wrap::find_node_program({"--import=./a.js", "--", "-x.js"}) == Found(2));
    CHECK(wrap::find_node_program({"-e", "1"}) == Found());
    CHECK(wrap::find_node_program({"-r"}) == Found());
    CHECK(wrap::find_node_program({"--"}) == Found());
    CHECK(wrap::find_node_program({}) == Found());
}

TEST_CASE("the first line tells a script for Node.js") {
    CHECK(wrap::is_node_script("#!/usr/bin/env node\n"));
    CHECK(wrap::is_node_script("#!/usr/bin/env -S node --no-warnings\n"));
    CHECK(wrap::is_node_script("#!/usr/bin/node"));
    CHECK_FALSE(wrap::is_node_script("#!/bin/sh\nnode x\n"));
    CHECK_FALSE(wrap::is_node_script("#!"));
    CHECK_FALSE(wrap::is_node_script("node\n"));
    CHECK_FALSE(wrap::is_node_script(""));
}

} // namespace pare::test
