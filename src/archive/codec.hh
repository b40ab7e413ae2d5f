// SPDX-License-Identifier: Apache-2.0
// Decompression as a Source, and compression of whole pieces as members or frames that may be
// concatenated: gzip (RFC 1952), zstd (RFC 8878), xz. Same bytes in, same bytes out, at any
// thread count.
#pragma once

#include "support/stream.hh"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pare::archive {

enum class Codec { none, gzip, zstd, xz };

/// What the first bytes say; Codec::none when they say nothing known.
[[nodiscard]] Codec detect_codec(BytesView first_bytes);

struct Limits {
    std::uint64_t output = std::uint64_t{16} << 30; ///< bytes out at most
    /// Output may be at most this many times the input, once more than 64 MiB came out.
    std::uint64_t expansion = 2000;
    /// Threads that one stream of xz may use besides the caller's, when it was made in blocks (as
    /// dpkg-deb does for large packages); 0 decodes on the caller's thread. The bytes are the same.
    unsigned threads = 0;
};

/// The decompressed bytes of `input` (all members or frames); xz memory is capped at 128 MiB (a
/// 64 MiB dictionary, the largest of xz -9). Damage, truncation and limits throw
/// ErrorKind::refused; `name` is for messages. `input` must outlive the result.
[[nodiscard]] std::unique_ptr<Source>
decompress(Source& input, Codec codec, const Limits& limits, const std::string& name);

/// `gzip:6`: what `--compression` takes.
struct Compression {
    Codec codec = Codec::gzip;
    int level = 6;

    bool operator==(const Compression&) const = default;
};

/// Parses `gzip[:1-12]`, `zstd[:1-19]`, `none`; throws ErrorKind::usage. Default levels: gzip 6,
/// zstd 3.
[[nodiscard]] Compression parse_compression(std::string_view text);
[[nodiscard]] std::string to_string(const Compression& compression);

/// One gzip member (no name, mtime 0, OS 255) or zstd frame holding `bytes`; the bytes themselves
/// for none. Concatenated results decompress to the concatenated input.
[[nodiscard]] Bytes compress(BytesView bytes, const Compression& compression);

/// All of a gzip file (of one or more members) at once, for indexes: two to three times as fast as
/// decompress(). More than `limit` bytes, damage and truncation throw ErrorKind::refused.
[[nodiscard]] Bytes gunzip(BytesView bytes, std::uint64_t limit, const std::string& name);

} // namespace pare::archive
