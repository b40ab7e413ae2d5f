// SPDX-License-Identifier: Apache-2.0
// Patterns in `${name#pattern}` and its relatives: `*` any text, `?` one character, a backslash
// before `*`, `?` and a backslash takes their meaning away.
#pragma once

#include <string>
#include <string_view>

namespace pare::dockerfile {

enum class Extent { shortest, longest };
enum class Times { once, all };

// Each throws ErrorKind::definition for a pattern with another escape, and for one that would take
// too long on `value`.

/// `value` without the part at its start that matches.
[[nodiscard]] std::string
cut_prefix(std::string_view value, std::string_view pattern, Extent extent);
/// `value` without the part at its end that matches.
[[nodiscard]] std::string
cut_suffix(std::string_view value, std::string_view pattern, Extent extent);
/// `value` with the leftmost longest part that matches, or all such parts, replaced.
[[nodiscard]] std::string replace_matches(
    std::string_view value, std::string_view pattern, std::string_view replacement, Times times);

} // namespace pare::dockerfile
