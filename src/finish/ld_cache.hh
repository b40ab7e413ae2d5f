// SPDX-License-Identifier: Apache-2.0
// The file format of /etc/ld.so.cache.
#pragma once

#include "support/bytes.hh"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pare::finish {

/// One library that the loader finds by its name.
struct LdCacheEntry {
    std::string soname{};
    std::string path{};      ///< absolute
    std::uint32_t flags = 0; ///< kind of library, FLAG_* of glibc

    bool operator==(const LdCacheEntry&) const = default;
};

/// The cache in the byte order of its machine. Of entries with one name the first wins, so they
/// come in the order of the search path. `generator` says who wrote it.
[[nodiscard]] Bytes
write_ld_cache(std::vector<LdCacheEntry> entries, Endian endian, std::string_view generator);

/// Reads a cache in either byte order, also one that an older ldconfig wrote behind the old format.
/// Throws ErrorKind::refused for what is no cache, or a damaged one.
[[nodiscard]] std::vector<LdCacheEntry> parse_ld_cache(BytesView cache);

/// Negative, zero or positive: glibc's order of library names, where runs of digits are numbers.
[[nodiscard]] int compare_library_names(std::string_view left, std::string_view right);

} // namespace pare::finish
