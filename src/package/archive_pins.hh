// SPDX-License-Identifier: Apache-2.0
// The lock of archives: which version of an upstream project `contents.archives` means, and the
// hash of its archive for each architecture. `archives.lock.json` beside a definition; `pare
// update` writes it.
//   {"version": 1, "archives": {NAME: {"version": TEXT, "sha256": {ARCHITECTURE: HEX}}}}
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace pare::package {

struct ArchivePin {
    std::string version{};
    std::map<std::string, std::string> sha256{}; ///< by architecture in OCI form

    bool operator==(const ArchivePin&) const = default;
};

using ArchivePins = std::map<std::string, ArchivePin>; ///< by the archive's name

/// Pretty JSON with a trailing newline; equal pins give equal bytes.
[[nodiscard]] std::string write_archive_pins(const ArchivePins& pins);
/// Throws ErrorKind::definition for anything that write_archive_pins() would not write.
[[nodiscard]] ArchivePins parse_archive_pins(std::string_view text, const std::string& name);

} // namespace pare::package
