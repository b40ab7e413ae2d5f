// SPDX-License-Identifier: Apache-2.0
// One entry of a layer, with what its content says of itself.
#pragma once

#include "archive/tar.hh"
#include "elf/elf.hh"
#include "elf/go_build_info.hh"
#include "support/image_path.hh"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace pare::inspect {

struct Entry {
    archive::TarType type = archive::TarType::file;
    std::uint32_t mode = 0; ///< permission bits with setuid, setgid, sticky
    std::uint64_t uid = 0;
    std::uint64_t gid = 0;
    std::int64_t mtime = 0;
    std::uint64_t size = 0; ///< of a file
    std::string link{};     ///< of a symlink: its text; of a hard link: the relative ImagePath
    std::uint32_t device_major = 0;
    std::uint32_t device_minor = 0;
    std::map<std::string, std::string> xattrs{};

    // The rest is there when it was asked for. A hard link has what its file has, as far as that is
    // in the same layer.
    std::string sha256{};                  ///< of the content, lower-case hex
    std::string sha1{};                    ///< likewise; nothing is trusted because of it
    std::shared_ptr<const elf::Elf> elf{}; ///< of an ELF file that does not contradict itself
    std::shared_ptr<const elf::GoBuildInfo> go{}; ///< of a Go program
    std::string script{};                         ///< what stands behind #! in the first line
    std::shared_ptr<const Bytes> contents{};      ///< of files that were to be kept, or the extract

    [[nodiscard]] bool is_directory() const { return type == archive::TarType::directory; }

    [[nodiscard]] bool is_symlink() const { return type == archive::TarType::symlink; }

    /// A regular file, under whichever of its names.
    [[nodiscard]] bool is_file() const {
        return type == archive::TarType::file || type == archive::TarType::hard_link;
    }
};

/// Whether owner, permissions and extended attributes are the same.
[[nodiscard]] bool same_metadata(const Entry& left, const Entry& right);
/// Whether both are the same to everybody who reads them: all but the times. The contents of files
/// must have been asked for.
[[nodiscard]] bool same_entry(const Entry& left, const Entry& right);

} // namespace pare::inspect
