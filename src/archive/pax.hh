// SPDX-License-Identifier: Apache-2.0
// Records of pax extended headers: read into the values that tar entries take from them, and
// written.
#pragma once

#include "support/bytes.hh"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pare::archive {

/// A piece of a sparse file that is stored.
struct Extent {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

/// What GNU.sparse.* keys say; formats 0.0, 0.1 and 1.0 in one.
struct PaxSparse {
    std::optional<std::uint64_t> major{};
    std::optional<std::uint64_t> minor{};
    std::optional<std::uint64_t> real_size{};
    std::optional<std::string> name{};
    std::vector<std::uint64_t> numbers{}; ///< offset, size, offset, size, ...
};

struct PaxValues {
    std::optional<std::string> path{};
    std::optional<std::string> link{};
    std::optional<std::string> user{};
    std::optional<std::string> group{};
    std::optional<std::uint64_t> size{};
    std::optional<std::uint64_t> uid{};
    std::optional<std::uint64_t> gid{};
    std::optional<std::uint64_t> device_major{};
    std::optional<std::uint64_t> device_minor{};
    std::optional<std::int64_t> mtime{};
    std::map<std::string, std::string> xattrs{};
    std::optional<PaxSparse> sparse{};
};

/// `base` with the records put over it. Throws ErrorKind::refused, without the archive's name.
[[nodiscard]] PaxValues parse_pax(BytesView records, PaxValues base);

/// The records in order of their keys.
[[nodiscard]] Bytes write_pax(const std::map<std::string, std::string>& records);

} // namespace pare::archive
