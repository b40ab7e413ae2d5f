// SPDX-License-Identifier: Apache-2.0
// Release and InRelease files (wiki.debian.org/DebianRepository/Format): which index files an
// archive has, with size and SHA-256, and from when until when they hold.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::deb {

struct IndexFile {
    std::uint64_t size = 0;
    std::string sha256{};
};

struct Release {
    std::string origin{};
    std::string label{};
    std::string suite{};
    std::string codename{};
    std::string version{};
    std::int64_t date = 0;
    std::optional<std::int64_t> valid_until{};
    bool acquire_by_hash = false;
    bool not_automatic = false; ///< nothing of it is installed unless it is asked for
    bool but_automatic_upgrades = false;
    /// Packages of Architecture: all stand in each architecture's index, whatever `architectures`
    /// says.
    bool all_is_everywhere = false;
    std::vector<std::string> architectures{};
    std::vector<std::string> components{};
    std::map<std::string, IndexFile, std::less<>> files{}; ///< by path below the suite
};

/// Throws ErrorKind::refused when there is no Date, or no SHA256 section (weak hashes alone are
/// never enough), and for files with paths that lead out of the suite.
[[nodiscard]] Release parse_release(std::string_view text, const std::string& name);

/// Seconds since the epoch of an RFC 5322 date in UTC (`Sat, 14 Nov 2026 09:42:00 UTC`).
[[nodiscard]] std::optional<std::int64_t> parse_date(std::string_view text);

} // namespace pare::deb
