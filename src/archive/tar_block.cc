// SPDX-License-Identifier: Apache-2.0
// Types and numbers of tar headers. Numbers are octal text, ended by a space, a NUL or the field;
// or GNU's base-256, a big-endian two's complement number whose first bit is a mark.
#include "archive/tar_block.hh"

#include <utility>

namespace pare::archive {

namespace {

constexpr std::array<std::pair<char, TarType>, 7> kTypes{{
    {'0', TarType::file},
    {'1', TarType::hard_link},
    {'2', TarType::symlink},
    {'3', TarType::character_device},
    {'4', TarType::block_device},
    {'5', TarType::directory},
    {'6', TarType::fifo},
}};

std::optional<std::int64_t> parse_base256(BytesView field) {
    const bool negative = (static_cast<unsigned char>(field.front()) & 0x40U) != 0;
    const unsigned inversion = negative ? 0xffU : 0;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < field.size(); ++i) {
        unsigned byte = static_cast<unsigned char>(field[i]) ^ inversion;
        if (i == 0) {
            byte &= 0x7fU;
        }
        if ((value >> 55) != 0) {
            return std::nullopt;
        }
        value = (value << 8) | byte;
    }
    const auto number = static_cast<std::int64_t>(value);
    return negative ? -1 - number : number;
}

} // namespace

std::optional<TarType> tar_type_of(char flag) {
    if (flag == '\0' || flag == '7' || flag == kTarGnuSparse) {
        return TarType::file;
    }
    for (const auto& [known, type] : kTypes) {
        if (flag == known) {
            return type;
        }
    }
    return std::nullopt;
}

char tar_flag_of(TarType type) {
    for (const auto& [flag, known] : kTypes) {
        if (type == known) {
            return flag;
        }
    }
    throw Error(ErrorKind::bug, "a tar entry without a type");
}

std::optional<std::int64_t> parse_tar_number(BytesView field) {
    if ((static_cast<unsigned char>(field.front()) & 0x80U) != 0) {
        return parse_base256(field);
    }
    std::size_t at = 0;
    while (at < field.size() && field[at] == ' ') {
        ++at;
    }
    std::int64_t value = 0;
    while (at < field.size() && field[at] >= '0' && field[at] <= '7') {
        value = value * 8 + (field[at] - '0');
        ++at;
    }
    const bool ended = at == field.size() || field[at] == ' ' || field[at] == '\0';
    return ended ? std::optional(value) : std::nullopt;
}

} // namespace pare::archive
