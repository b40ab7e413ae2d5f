// SPDX-License-Identifier: Apache-2.0
// The maps of sparse files: which extents of a file are stored.
#pragma once

#include "archive/tar_content.hh"

#include <cstdint>
#include <vector>

namespace pare::archive {

/// A map as it stands in the archive: offset, size, offset, size, ...
struct SparseMap {
    std::vector<std::uint64_t> numbers{};
    std::uint64_t real_size = 0;
    std::uint64_t map_size = 0; ///< bytes of the content that the map itself took
};

/// The map of a type S entry; more of it is read from the tape when `block` says so. `limit` is in
/// bytes, for this and the next.
[[nodiscard]] SparseMap read_gnu_map(Tape& tape, BytesView block, std::uint64_t limit);
/// The map that begins the content (GNU.sparse 1.0), of which `stored` bytes are on the tape.
[[nodiscard]] SparseMap
read_pax_map(Tape& tape, const PaxSparse& sparse, std::uint64_t stored, std::uint64_t limit);

/// The extents of a file of which `stored` bytes are on the tape. Throws ErrorKind::refused unless
/// they ascend, do not overlap and fit.
[[nodiscard]] std::vector<Extent>
check_extents(const Tape& tape, const SparseMap& map, std::uint64_t stored);

} // namespace pare::archive
