// SPDX-License-Identifier: Apache-2.0
// Bytes are std::string, views of bytes are std::string_view: text and binary formats then share
// one vocabulary, and no cast stands between a file and its parser.
#pragma once

#include "support/error.hh"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pare {

using Bytes = std::string;
using BytesView = std::string_view;

enum class Endian { little, big };

/// The unsigned integer of `sizeof(Int)` bytes at `offset`; throws ErrorKind::refused beyond the
/// end.
template <std::unsigned_integral Int>
[[nodiscard]] Int read_int(BytesView bytes, std::size_t offset, Endian endian) {
    if (offset > bytes.size() || bytes.size() - offset < sizeof(Int)) {
        throw Error(ErrorKind::refused, "the data ends in the middle of a number");
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(Int); ++i) {
        const std::size_t at = endian == Endian::big ? i : sizeof(Int) - 1 - i;
        value = (value << 8) | static_cast<unsigned char>(bytes[offset + at]);
    }
    return static_cast<Int>(value);
}

/// Appends `value` in `sizeof(Int)` bytes.
template <std::unsigned_integral Int>
void append_int(Bytes& out, Int value, Endian endian) {
    for (std::size_t i = 0; i < sizeof(Int); ++i) {
        const std::size_t shift = 8 * (endian == Endian::big ? sizeof(Int) - 1 - i : i);
        out.push_back(static_cast<char>((std::uint64_t{value} >> shift) & 0xff));
    }
}

/// A bounds-checked cursor over bytes that somebody else owns.
class ByteReader {
public:
    explicit ByteReader(BytesView bytes, Endian endian = Endian::little)
        : bytes_(bytes), endian_(endian) {}

    [[nodiscard]] std::size_t position() const { return position_; }

    [[nodiscard]] std::size_t remaining() const { return bytes_.size() - position_; }

    [[nodiscard]] bool at_end() const { return remaining() == 0; }

    /// The next `count` bytes; throws ErrorKind::refused when fewer are left.
    BytesView take(std::size_t count) {
        if (count > remaining()) {
            throw Error(ErrorKind::refused, "the data ends too early");
        }
        const BytesView taken = bytes_.substr(position_, count);
        position_ += count;
        return taken;
    }

    void skip(std::size_t count) { take(count); }

    template <std::unsigned_integral Int>
    Int number() {
        const auto value = read_int<Int>(bytes_, position_, endian_);
        position_ += sizeof(Int);
        return value;
    }

    /// A string written as its 32-bit length and its bytes.
    BytesView counted() { return take(number<std::uint32_t>()); }

private:
    BytesView bytes_;
    Endian endian_;
    std::size_t position_ = 0;
};

} // namespace pare
