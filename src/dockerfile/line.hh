// SPDX-License-Identifier: Apache-2.0
// Lines of a Dockerfile: one logical line may stand on many physical ones. Everything that reads a
// logical line works on views of its text, so that the place of each view can be told.
#pragma once

#include "dockerfile/document.hh"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pare::dockerfile {

/// Bytes of the white space character (Unicode) at the start of `text`; 0 when there is none.
[[nodiscard]] std::size_t space_width(std::string_view text);
/// Bytes of the character at the start of `text`, which is not empty; 1 for a byte that is no
/// UTF-8.
[[nodiscard]] std::size_t character_width(std::string_view text);
[[nodiscard]] std::string_view trim_left(std::string_view text);
[[nodiscard]] std::string_view trim_both(std::string_view text);
/// Without CR and LF at the end.
[[nodiscard]] std::string_view trim_line_end(std::string_view text);
/// ASCII letters in lower case.
[[nodiscard]] std::string to_lower(std::string_view text);

/// What separates words; not all of what space_width() calls white space.
[[nodiscard]] bool is_separator(char c);

class LogicalLine {
public:
    /// Adds `piece`, which is a part of `physical`, the line with that number.
    void append(std::string_view physical, std::string_view piece, std::size_t number);

    [[nodiscard]] const std::string& text() const { return text_; }

    /// Where `part`, a view of text(), stands.
    [[nodiscard]] Range range(std::string_view part) const;
    [[nodiscard]] Word word(std::string_view part) const;

private:
    struct Piece {
        std::size_t offset;
        std::size_t line;
        std::uint32_t end_column;
    };

    [[nodiscard]] Position position(std::size_t offset) const;

    std::string text_;
    std::vector<std::uint32_t> columns_; ///< of each byte of text_
    std::vector<Piece> pieces_;
};

} // namespace pare::dockerfile
