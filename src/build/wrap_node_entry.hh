// SPDX-License-Identifier: Apache-2.0
// What a Node.js project runs.
#pragma once

#include "build/wrap_node_modules.hh"
#include "wrap/node.hh"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace pare::build {

/// The program of the images of Node.js.
inline constexpr const char* kNode = "/nodejs/bin/node";

struct NodeEntry {
    std::vector<std::string> words{};
    std::map<std::string, std::string> environment{};
};

struct NodeProject {
    std::filesystem::path path{}; ///< without links on the way
    wrap::NodePackage package{};
    const NodeModules& modules;
};

/// The command of the image: the user's words (`asked`, when there are any), else what package.json
/// says, else the usual names. The host's ways to Node.js, and those by npm, npx and the commands
/// that packages bring, are mended. Throws ErrorKind::definition for what no image runs.
[[nodiscard]] NodeEntry
find_node_entry(const NodeProject& project, const std::vector<std::string>& asked);

/// Whether the file is TypeScript, by its name.
[[nodiscard]] bool is_typescript(const std::filesystem::path& path);

/// The error for TypeScript, which is built first.
[[nodiscard]] Error no_typescript(const std::string& file);

} // namespace pare::build
