// SPDX-License-Identifier: Apache-2.0
// Where messages go: what it can show, and how text that others chose is kept from steering it.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace pare::cli {

/// Reads one variable of the environment; empty when unset.
using Environment = std::function<std::string(const char* name)>;

[[nodiscard]] Environment process_environment();

/// Columns and rows.
struct Area {
    std::size_t columns = 80;
    std::size_t rows = 24;
};

enum class Style { plain, bold, dim, red, yellow, green };

/// What stands at the other end of standard error.
struct Terminal {
    bool live = false;    ///< a terminal that can be drawn on
    bool colours = false; ///< and shows colours
    std::function<void(std::string_view)> write{};
    std::function<Area()> area{};

    /// The text in that style, where there are colours.
    [[nodiscard]] std::string styled(Style style, std::string_view text) const;
};

/// Standard error. No drawing with CI set or TERM=dumb; no colours with NO_COLOR.
[[nodiscard]] Terminal standard_error(const Environment& environment);

/// The text with every control character but the line feed written as `\xNN`: names in packages,
/// images and servers' answers must not move the cursor or change the title.
[[nodiscard]] std::string printable(std::string_view text);
/// Likewise, on one line.
[[nodiscard]] std::string printable_line(std::string_view text);

} // namespace pare::cli
