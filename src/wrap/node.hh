// SPDX-License-Identifier: Apache-2.0
// What the files of a Node.js program say of what they need: package.json (the documentation of npm
// and that of Node.js), native addons, and the command that starts it.
#pragma once

#include "support/bytes.hh"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pare::wrap {

/// What package.json says that matters for running. Names of packages are such as npm allows; what
/// has another form than npm's is taken as not said.
struct NodePackage {
    std::string name{};
    std::string node{}; ///< engines.node: `>=20`
    std::string main{};
    std::string type{};                       ///< `module`, `commonjs`
    std::map<std::string, std::string> bin{}; ///< file by command
    std::map<std::string, std::string> scripts{};
    std::set<std::string> dependencies{}; ///< also bundled ones; not optional ones
    std::set<std::string> optional{};
    std::set<std::string> peers{}; ///< but those that may be missing
    std::set<std::string> development{};
    std::vector<std::string> os{}; ///< `linux`, `!win32`; empty: any
    std::vector<std::string> cpu{};
    std::vector<std::string> libc{};
};

/// `name` (the file) is for the error. Throws ErrorKind::definition for what is no JSON object.
[[nodiscard]] NodePackage parse_node_package(std::string_view text, const std::string& name);

/// Where modules are to run, in the words of Node.js.
struct NodePlatform {
    std::string cpu{}; ///< process.arch: `x64`
};

/// Of an OCI architecture.
[[nodiscard]] NodePlatform node_platform_of(std::string_view architecture);

/// Whether a package runs there, on Linux with glibc.
[[nodiscard]] bool fits(const NodePackage& package, const NodePlatform& platform);

/// Whether a path or name says that what it is of runs there: `@esbuild/linux-x64`.
[[nodiscard]] bool names_platform(std::string_view path, const NodePlatform& platform);

/// The beginning of a path (of a native file, below node_modules) that says that what is there is
/// for another platform: `x/prebuilds/darwin-arm64` of `x/prebuilds/darwin-arm64/x.node`; empty
/// when nothing does.
[[nodiscard]] std::string foreign_part(std::string_view path, const NodePlatform& platform);

/// A shared object that Node.js loads as a module.
struct NodeAddon {
    std::uint64_t abi = 0; ///< NODE_MODULE_VERSION; 0: not said
    /// It was made for Node-API, which every version has, or says nothing that shows otherwise.
    bool fits_all = true;
    std::string problem{}; ///< why no Node.js on Linux with glibc loads it; empty: none
};

/// Of the bytes of a `.node` file.
[[nodiscard]] NodeAddon read_node_addon(BytesView bytes);

/// Whether bytes begin as a program or library of some system does.
[[nodiscard]] bool looks_native(BytesView bytes);

/// The NODE_MODULE_VERSION of a major version of Node.js, as the versions that images have define
/// it.
[[nodiscard]] std::uint64_t node_abi_of(std::uint64_t major);
/// `Node.js 16`; the number alone for one that no Node.js has.
[[nodiscard]] std::string name_of_node_abi(std::uint64_t abi);

/// `node_module_version` of the config.gypi that node-gyp leaves beside what it built; 0: not said.
[[nodiscard]] std::uint64_t abi_of_gyp_config(std::string_view text);

/// A command of package.json's scripts, which npm gives to a shell, as an image without one runs
/// it.
struct StartCommand {
    std::map<std::string, std::string> environment{}; ///< `PORT=80 node .`, cross-env
    std::vector<std::string> words{};
    std::string problem{}; ///< why it cannot be run without a shell; empty: none
};

[[nodiscard]] StartCommand parse_start_command(std::string_view command);

/// Whether a file is a script for Node.js: by its first line.
[[nodiscard]] bool is_node_script(BytesView bytes);

/// Of `node`'s arguments the one that names the program, by its index; nothing when there is none.
[[nodiscard]] std::optional<std::size_t>
find_node_program(const std::vector<std::string>& arguments);

} // namespace pare::wrap
