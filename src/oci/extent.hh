// SPDX-License-Identifier: Apache-2.0
// Pieces of open files, for the readers of this room.
#pragma once

#include "support/files.hh"
#include "support/stream.hh"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace pare::oci {

/// `size` bytes of an open file.
struct Extent {
    std::shared_ptr<const pare::Descriptor> file{};
    std::string name{}; ///< for messages
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

/// The whole of a regular file; nothing when there is none of that name.
[[nodiscard]] std::optional<Extent> find_file(const std::filesystem::path& path);
/// The bytes of an extent, in order, by pread(2): several sources may read one file.
[[nodiscard]] std::unique_ptr<Source> open_extent(const Extent& extent);
/// Lower-case hex of its SHA-256.
[[nodiscard]] std::string hash_extent(const Extent& extent);
/// The first bytes, `count` at most.
[[nodiscard]] Bytes peek_extent(const Extent& extent, std::size_t count);

/// The files in a tar archive, which stay where they are. A compressed archive is first written
/// out plain, to a temporary file.
class TarIndex {
public:
    explicit TarIndex(const std::filesystem::path& path);

    /// The regular file of that name; symbolic links are followed inside the archive.
    [[nodiscard]] std::optional<Extent> find(std::string_view name) const;

private:
    std::string name_;
    std::map<std::string, Extent, std::less<>> files_;
    std::map<std::string, std::string, std::less<>> links_;
};

} // namespace pare::oci
