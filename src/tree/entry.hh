// SPDX-License-Identifier: Apache-2.0
// One file, directory or link of an image, with owner, mode and origin.
#pragma once

#include "support/image_path.hh"

#include <cstdint>
#include <map>
#include <string>

namespace pare::tree {

enum class EntryType { file, directory, symlink, hard_link };

/// No device nodes, fifos or sockets: no image needs them from a package, so they are refused.
struct Entry {
    ImagePath path{};
    EntryType type = EntryType::file;
    std::uint32_t mode = 0; ///< permission bits with setuid, setgid, sticky
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::int64_t mtime = 0;
    std::uint64_t size = 0; ///< of a file
    std::string link{};     ///< of a symlink: its text; of a hard link: the relative ImagePath
    std::map<std::string, std::string> xattrs{};

    bool operator==(const Entry&) const = default;
};

} // namespace pare::tree
