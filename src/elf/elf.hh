// SPDX-License-Identifier: Apache-2.0
// What an ELF file says of itself (System V gABI, chapters 4 and 5; GNU symbol versioning), read
// from its program headers alone, so that stripped section headers do not matter.
#pragma once

#include "support/bytes.hh"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pare::elf {

enum class FileType { executable, shared, other };

/// Symbol versions needed of one library (DT_VERNEED).
struct VersionNeed {
    std::string library{};
    std::vector<std::string> versions{};

    bool operator==(const VersionNeed&) const = default;
};

struct Elf {
    FileType type = FileType::other;
    bool is64 = true;
    Endian endian = Endian::little;
    std::uint16_t machine = 0; ///< EM_*
    std::uint32_t flags = 0;   ///< e_flags
    std::string interpreter{}; ///< PT_INTERP
    bool dynamic = false;      ///< has PT_DYNAMIC
    std::string soname{};
    std::vector<std::string> needed{};
    std::string rpath{};
    std::string runpath{};
    std::vector<VersionNeed> version_needs{};
    std::vector<std::string> version_definitions{}; ///< DT_VERDEF, without the file's own name

    bool operator==(const Elf&) const = default;
};

/// What `bytes` says, or nothing when it is no ELF file (wrong magic). An ELF file that
/// contradicts itself throws ErrorKind::refused; `name` is for the message.
[[nodiscard]] std::optional<Elf> parse_elf(BytesView bytes, const std::string& name);

/// Whether a file that starts with these bytes is worth giving to parse_elf().
[[nodiscard]] inline bool looks_like_elf(BytesView first_bytes) {
    return first_bytes.starts_with("\177ELF");
}

} // namespace pare::elf
