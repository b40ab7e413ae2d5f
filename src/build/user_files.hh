// SPDX-License-Identifier: Apache-2.0
// The user's own files (contents.files) as cuts: the same two forms in the store as a package.
#pragma once

#include "build/cutting.hh"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pare::build {

/// Whether one of the globs leaves that path out: as .gitignore has it, one without '/' is for a
/// name at any depth, and `/x` for x right in the directory.
[[nodiscard]] bool is_excluded(const std::vector<std::string>& globs, const std::string& relative);

/// A file or symlink of the host.
struct HostFile {
    std::filesystem::path path{};
    std::string sha256{};    ///< of its content, or of where the symlink points
    bool executable = false; ///< and nothing but the host says so
    bool symlink = false;
};

/// What of the host a file entry brings; nothing when its content is in the definition.
[[nodiscard]] std::vector<HostFile> host_files(const definition::UserFile& file);

/// Digest of what a file entry brings: names, modes and content of everything below `from`.
[[nodiscard]] std::string user_file_identity(const definition::UserFile& file);

/// The cut of a file entry; all its entries get that time.
[[nodiscard]] CutPtr cut_user_file(
    const definition::UserFile& file, std::int64_t time, const archive::Compression& compression,
    const Tools& tools);

} // namespace pare::build
