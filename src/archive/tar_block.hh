// SPDX-License-Identifier: Apache-2.0
// The 512-byte header block of tar, as it lies in the file (POSIX.1-1988 ustar; GNU tar's old
// format puts other fields where ustar has `prefix`).
#pragma once

#include "archive/tar.hh"
#include "support/bytes.hh"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pare::archive {

constexpr std::size_t kTarBlock = 512;

struct TarBlock {
    std::array<char, 100> name;
    std::array<char, 8> mode;
    std::array<char, 8> uid;
    std::array<char, 8> gid;
    std::array<char, 12> size;
    std::array<char, 12> mtime;
    std::array<char, 8> checksum;
    char type;
    std::array<char, 100> link;
    std::array<char, 8> magic; ///< with the version
    std::array<char, 32> user;
    std::array<char, 32> group;
    std::array<char, 8> device_major;
    std::array<char, 8> device_minor;
    std::array<char, 155> prefix;
    std::array<char, 12> unused;
};

static_assert(sizeof(TarBlock) == kTarBlock);

constexpr std::string_view kUstarMagic{"ustar\00000", 8};
constexpr std::string_view kGnuMagic{"ustar  \0", 8};

template <std::size_t Size>
[[nodiscard]] BytesView field_bytes(const std::array<char, Size>& field) {
    return {field.data(), Size};
}

/// A field's text: all of it, or up to the first NUL.
template <std::size_t Size>
[[nodiscard]] std::string_view field_text(const std::array<char, Size>& field) {
    const BytesView bytes = field_bytes(field);
    return bytes.substr(0, bytes.find('\0'));
}

[[nodiscard]] inline BytesView block_bytes(const TarBlock& block) {
    return {reinterpret_cast<const char*>(&block), kTarBlock};
}

/// The sum of all bytes, the checksum field counted as spaces; of old, some tars summed signed
/// bytes.
template <typename Byte>
[[nodiscard]] std::int64_t checksum_of(const TarBlock& block) {
    const auto sum = [](BytesView bytes) {
        std::int32_t total = 0;
        for (const char byte : bytes) {
            total += static_cast<Byte>(byte);
        }
        return total;
    };
    return sum(block_bytes(block)) - sum(field_bytes(block.checksum)) + 8 * ' ';
}

constexpr char kTarGnuSparse = 'S';

/// The type that a typeflag stands for; nothing for one that pare does not know. Old files (NUL),
/// contiguous files, which no file system of today has, and GNU's sparse files are files.
[[nodiscard]] std::optional<TarType> tar_type_of(char flag);
/// The typeflag of ustar.
[[nodiscard]] char tar_flag_of(TarType type);

/// A number in octal digits or base-256 (first bit set), nothing when it is neither; an empty
/// field is 0.
[[nodiscard]] std::optional<std::int64_t> parse_tar_number(BytesView field);

} // namespace pare::archive
