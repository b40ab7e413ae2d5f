// SPDX-License-Identifier: Apache-2.0
#include "dockerfile/line.hh"

#include "support/error.hh"

#include <algorithm>
#include <array>

namespace pare::dockerfile {

namespace {

/// The white space of Unicode beyond ASCII, in UTF-8.
constexpr std::array<std::string_view, 19> kWideSpaces = {
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81",
    "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86",
    "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8",
    "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80",
};

bool is_continuation_byte(char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

} // namespace

std::size_t space_width(std::string_view text) {
    if (text.empty()) {
        return 0;
    }
    if (text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r')) {
        return 1;
    }
    if (static_cast<unsigned char>(text.front()) < 0x80U) {
        return 0;
    }
    for (const std::string_view space : kWideSpaces) {
        if (text.starts_with(space)) {
            return space.size();
        }
    }
    return 0;
}

std::size_t character_width(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t wanted = first >= 0xf0U ? 4 : first >= 0xe0U ? 3 : first >= 0xc0U ? 2 : 1;
    if (text.size() < wanted) {
        return 1;
    }
    const std::string_view tail = text.substr(1, wanted - 1);
    return std::all_of(tail.begin(), tail.end(), is_continuation_byte) ? wanted : 1;
}

std::string_view trim_left(std::string_view text) {
    while (const std::size_t width = space_width(text)) {
        text.remove_prefix(width);
    }
    return text;
}

std::string_view trim_both(std::string_view text) {
    text = trim_left(text);
    while (!text.empty()) {
        std::size_t start = text.size() - 1;
        while (start > 0 && text.size() - start < 3 && is_continuation_byte(text[start])) {
            --start;
        }
        const std::string_view last = text.substr(start);
        if (space_width(last) != last.size()) {
            break;
        }
        text.remove_suffix(last.size());
    }
    return text;
}

std::string_view trim_line_end(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
        text.remove_suffix(1);
    }
    return text;
}

std::string to_lower(std::string_view text) {
    std::string lowered(text);
    for (char& c : lowered) {
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    return lowered;
}

bool is_separator(char c) {
    return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r';
}

void LogicalLine::append(std::string_view physical, std::string_view piece, std::size_t number) {
    const auto begin = static_cast<std::size_t>(piece.data() - physical.data());
    std::uint32_t column = 1;
    for (std::size_t at = 0; at < begin; at += character_width(physical.substr(at))) {
        ++column;
    }
    const std::size_t offset = text_.size();
    for (std::size_t at = 0; at < piece.size();) {
        const std::size_t width = character_width(piece.substr(at));
        columns_.insert(columns_.end(), width, column);
        at += width;
        ++column;
    }
    text_ += piece;
    pieces_.push_back({offset, number, column});
}

Position LogicalLine::position(std::size_t offset) const {
    const auto after = std::upper_bound(
        pieces_.begin(), pieces_.end(), offset,
        [](std::size_t value, const Piece& piece) { return value < piece.offset; });
    ensure(after != pieces_.begin(), "a logical line has a piece at its start");
    const Piece& piece = *(after - 1);
    return {piece.line, offset < columns_.size() ? columns_[offset] : piece.end_column};
}

Range LogicalLine::range(std::string_view part) const {
    const auto begin = static_cast<std::size_t>(part.data() - text_.data());
    ensure(begin + part.size() <= text_.size(), "a part lies within its line");
    if (part.empty()) {
        return {position(begin), position(begin)};
    }
    const Position last = position(begin + part.size() - 1);
    return {position(begin), {last.line, last.column + 1}};
}

Word LogicalLine::word(std::string_view part) const {
    return {std::string(part), range(part)};
}

} // namespace pare::dockerfile
