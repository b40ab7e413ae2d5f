// SPDX-License-Identifier: Apache-2.0
// Machine code beside the modules of a Node.js program: addons, libraries, programs.
#pragma once

#include "build/wrap_files.hh"
#include "wrap/node.hh"

#include <filesystem>
#include <string>
#include <vector>

namespace pare::build {

/// A native file that may come along.
struct NativeFile {
    std::filesystem::path file{};
    std::string to{};       ///< its place in the image
    std::size_t folder = 0; ///< of which folder of the question
    std::string relative{}; ///< to that
    bool is_addon = false;  ///< `*.node`
    wrap::NodeAddon addon{};
    /// Of several files with the same, one for each version of Node.js, one has to fit; empty: it
    /// stands alone.
    std::string group{};
};

/// Where native files may be, and where that goes.
struct NativeFolder {
    std::filesystem::path from{};
    std::string to{};
    std::vector<std::string> exclude{}; ///< what is left out is added
};

/// What they ask of Node.js.
class NativeFiles {
public:
    /// Looks at all files. Throws ErrorKind::definition for an addon that no image can load; what
    /// says in its path that it is for another platform is left out.
    NativeFiles(
        std::vector<NativeFolder> folders, const wrap::NodePlatform& platform,
        const std::string& architecture);

    /// Empty when a Node.js with this NODE_MODULE_VERSION (0: it is not known) can load all addons;
    /// else the first that
    /// it cannot, and for which it is: `x.node is for Node.js 22`.
    [[nodiscard]] std::string refuses(std::uint64_t abi) const;

    /// Whether a directory has an addon, however deep.
    [[nodiscard]] bool has_addon(const std::filesystem::path& directory) const;

    /// Adds the ELF files to `found`; of a group those for another version are left out.
    void add(WrapFiles& found, std::uint64_t abi);

    /// With what is left out.
    [[nodiscard]] const std::vector<NativeFolder>& folders() const { return folders_; }

private:
    void look_at(std::size_t folder, const std::string& relative);
    void add_elf_file(WrapFiles& found, const NativeFile& native, BytesView bytes);

    std::vector<NativeFolder> folders_;
    wrap::NodePlatform platform_;
    std::string architecture_;
    std::vector<NativeFile> files_{};
};

} // namespace pare::build
