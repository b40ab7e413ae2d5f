// SPDX-License-Identifier: Apache-2.0
// Turning what was meant for an exec form into one.
#pragma once

#include "dockerfile/instruction.hh"

#include <optional>
#include <string>
#include <string_view>

namespace pare::audit {

/// Whether the text is an exec form that went wrong: `['a']`, `["a"] || exit 1`.
[[nodiscard]] bool looks_like_exec_form(std::string_view text);
/// `["a"]` for `['a']`, when double quotes are all that is missing.
[[nodiscard]] std::optional<std::string> with_double_quotes(std::string_view text);
/// `["a", "b"]` for `a b`, when no shell is needed to read the words.
[[nodiscard]] std::optional<std::string> to_exec_form(std::string_view text);

} // namespace pare::audit
