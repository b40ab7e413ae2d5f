// SPDX-License-Identifier: Apache-2.0
// tar: ustar (POSIX.1-1988), GNU long names and base-256 numbers, pax headers (POSIX.1-2001), GNU
// and pax sparse files read (given expanded); byte-exact ustar + pax written. bsdtar is the oracle.
#pragma once

#include "support/stream.hh"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pare::archive {

enum class TarType { file, hard_link, symlink, character_device, block_device, directory, fifo };

/// One entry as a tar file says it; names and link targets are raw text, nothing is cleaned.
struct TarHeader {
    TarType type = TarType::file;
    std::string name{};
    std::string link{};
    std::uint32_t mode = 0; ///< permission bits, with setuid, setgid and sticky
    std::uint64_t uid = 0;
    std::uint64_t gid = 0;
    std::string user{};
    std::string group{};
    std::int64_t mtime = 0; ///< whole seconds; fractions are cut
    std::uint64_t size = 0; ///< of the content that follows (expanded, for sparse files)
    std::uint32_t device_major = 0;
    std::uint32_t device_minor = 0;
    std::map<std::string, std::string> xattrs{}; ///< SCHILY.xattr.* (raw values)

    bool operator==(const TarHeader&) const = default;
};

struct TarLimits {
    std::uint64_t entries = 1'000'000;
    std::uint64_t total = std::uint64_t{16} << 30; ///< content bytes, sparse holes included
    std::uint64_t extended = 1U << 20;             ///< bytes of one pax header or long name
};

/// Reads entries in order, and no byte of the input before it is needed: after next(), the input
/// stands at the first byte of the content. Everything malformed throws ErrorKind::refused.
class TarReader {
public:
    TarReader(Source& input, const TarLimits& limits, std::string name);
    TarReader(const TarReader&) = delete;
    TarReader& operator=(const TarReader&) = delete;
    ~TarReader();

    /// The next entry, or null at the end; the input has then been read to its end, so that a codec
    /// below has checked all of it. The header is good until the next call. What was left of the
    /// last one's content is skipped.
    const TarHeader* next();
    /// The content of the entry that next() gave.
    Source& content();

private:
    class State;
    std::unique_ptr<State> state_;
};

/// The bytes of a header: pax headers first where ustar has no room (long names, large numbers,
/// xattrs), then the 512-byte ustar header. Directories end in '/'. Two equal headers give equal
/// bytes. The content follows, then tar_padding(size) zeros.
[[nodiscard]] Bytes tar_header(const TarHeader& header);
/// 0..511.
[[nodiscard]] std::size_t tar_padding(std::uint64_t size);
/// The 1024 zeros at the end.
[[nodiscard]] BytesView tar_end();

} // namespace pare::archive
