// SPDX-License-Identifier: Apache-2.0
// Zip archives (PKWARE APPNOTE), as jars and Python's archives use them: read from memory, never
// unpacked to disk.
#pragma once

#include "support/bytes.hh"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct zip;

namespace pare::archive {

struct ZipEntry {
    std::string name{};      ///< as it is written; a directory ends in '/'
    std::uint64_t size = 0;  ///< of the content, as the directory of the archive has it
    std::uint64_t index = 0; ///< place in that directory
};

class ZipReader {
public:
    /// Reads the directory of the archive. `bytes` must live as long as the reader; `name` is for
    /// messages. Throws ErrorKind::refused for what is no zip archive, more than 200 000 entries,
    /// and names that lead out of a directory.
    ZipReader(BytesView bytes, std::string name);

    [[nodiscard]] const std::vector<ZipEntry>& entries() const { return entries_; }

    /// The content of an entry, checked against its CRC. Throws ErrorKind::refused for more than
    /// `most` bytes, a damaged or encrypted entry, and methods other than stored and deflated.
    [[nodiscard]] Bytes read(const ZipEntry& entry, std::uint64_t most) const;

    /// The first `count` bytes, or fewer when there are not so many; no CRC says that they are
    /// good.
    [[nodiscard]] Bytes read_start(const ZipEntry& entry, std::size_t count) const;

private:
    struct Closer {
        void operator()(zip* archive) const;
    };

    [[nodiscard]] Bytes read_at_most(const ZipEntry& entry, std::uint64_t most) const;

    std::string name_;
    std::unique_ptr<zip, Closer> archive_;
    std::vector<ZipEntry> entries_{};
};

/// Whether a file that starts with these bytes is worth giving to a ZipReader.
[[nodiscard]] inline bool looks_like_zip(BytesView first_bytes) {
    return first_bytes.starts_with("PK\3\4") || first_bytes.starts_with("PK\5\6");
}

} // namespace pare::archive
