// SPDX-License-Identifier: Apache-2.0
// Numbers of tar headers: octal text, ended by a space, a NUL or the field; or GNU's base-256, a
// big-endian two's complement number whose first bit is a mark.
#include "archive/tar_block.hh"

namespace pare::archive {

namespace {

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
