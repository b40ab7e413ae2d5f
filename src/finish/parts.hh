// SPDX-License-Identifier: Apache-2.0
// What most finishers need to look up and to make. Of this room only.
#pragma once

#include "finish/finisher.hh"

#include <string>
#include <string_view>

namespace pare::finish {

/// A file, 0644 and root's.
[[nodiscard]] Generated make_file(const Context& context, const ImagePath& path, Bytes content);
/// A symlink, root's.
[[nodiscard]] Generated
make_symlink(const Context& context, const ImagePath& path, std::string target);
/// A directory, root's.
[[nodiscard]] Generated
make_directory(const Context& context, const ImagePath& path, std::uint32_t mode = 0755);

/// Whether the user put that file there: then no finisher overwrites it.
[[nodiscard]] bool is_of_user(const Context& context, const ImagePath& path);
/// The file at the end of all symlinks and hard links, or null.
[[nodiscard]] const tree::Node* file_at(const tree::Tree& tree, const ImagePath& path);
/// /usr/share/zoneinfo.
[[nodiscard]] ImagePath zoneinfo_directory();
/// Whether there is a directory, at the end of all symlinks.
[[nodiscard]] bool has_directory(const tree::Tree& tree, const ImagePath& path);

} // namespace pare::finish
