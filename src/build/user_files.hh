// SPDX-License-Identifier: Apache-2.0
// The user's own files (contents.files) as cuts: the same two forms in the store as a package.
#pragma once

#include "build/cutting.hh"

#include <cstdint>
#include <string>
#include <vector>

namespace pare::build {

/// Whether one of the globs leaves that path out: as .gitignore has it, one without '/' is for a
/// name at any depth, and `/x` for x right in the directory.
[[nodiscard]] bool is_excluded(const std::vector<std::string>& globs, const std::string& relative);

/// Digest of what a file entry brings: names, modes and content of everything below `from`.
[[nodiscard]] std::string user_file_identity(const definition::UserFile& file);

/// The cut of a file entry; all its entries get that time.
[[nodiscard]] CutPtr cut_user_file(
    const definition::UserFile& file, std::int64_t time, const archive::Compression& compression,
    const Tools& tools);

} // namespace pare::build
