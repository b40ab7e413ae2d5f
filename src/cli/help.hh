// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hh"

#include <span>
#include <string>
#include <string_view>

namespace pare::cli {

/// Whether an option is an argument that is known by its place.
[[nodiscard]] bool is_positional(const Option& option);
/// Whether it may be given more than once.
[[nodiscard]] bool is_list(const Option& option);
/// The help of one command.
[[nodiscard]] std::string
render_help(std::string_view name, const Command& command, std::span<const Option> common);
/// The commands whose names begin with `prefix`, with their summaries.
[[nodiscard]] std::string render_commands(std::string_view prefix);

} // namespace pare::cli
