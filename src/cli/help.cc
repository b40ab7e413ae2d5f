// SPDX-License-Identifier: Apache-2.0
// Help texts, made from the table of commands and their options.
#include "cli/help.hh"

#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pare::cli {

namespace {

using Row = std::pair<std::string, std::string>;

/// Two columns; a left side that is too long gets a line of its own.
std::string two_columns(const std::vector<Row>& rows) {
    constexpr std::size_t kWidest = 30;
    std::size_t width = 0;
    for (const auto& [left, right] : rows) {
        width = std::max(width, left.size() <= kWidest ? left.size() : 0);
    }
    std::string text;
    for (const auto& [left, right] : rows) {
        if (left.size() > width) {
            text += fmt::format("  {}\n  {:{}}  {}\n", left, "", width, right);
        } else {
            text += fmt::format("  {:{}}  {}\n", left, width, right);
        }
    }
    return text;
}

std::string usage(std::string_view name, const Command& command) {
    std::string line = fmt::format("Usage: pare {}", name);
    for (const Option& option : command.options) {
        if (is_positional(option)) {
            line += fmt::format(" {}{}", option.names, is_list(option) ? "..." : "");
        } else if (option.need == Need::required) {
            line += fmt::format(" {} {}", split(option.names, ',').front(), option.value);
        }
    }
    return line + " [OPTION...]\n";
}

std::string option_names(const Option& option) {
    std::string text;
    for (const std::string_view name : split(option.names, ',')) {
        // Long names stand below each other when some have a short one before them.
        text += text.empty() && name.starts_with("--") ? "    " : text.empty() ? "" : ", ";
        text += name;
    }
    return option.value.empty() ? text : text + " " + option.value;
}

std::vector<Row> option_rows(std::span<const Option> options) {
    std::vector<Row> rows;
    for (const Option& option : options) {
        if (!is_positional(option)) {
            rows.emplace_back(option_names(option), option.help);
        }
    }
    return rows;
}

} // namespace

bool is_positional(const Option& option) {
    return !option.names.starts_with('-');
}

bool is_list(const Option& option) {
    return std::holds_alternative<std::vector<std::string>*>(option.target);
}

std::string
render_help(std::string_view name, const Command& command, std::span<const Option> common) {
    std::string text = usage(name, command) + "\n" + command.details;
    std::vector<Row> arguments;
    for (const Option& option : command.options) {
        if (is_positional(option)) {
            arguments.emplace_back(option.names, option.help);
        }
    }
    if (!arguments.empty()) {
        text += "\nArguments:\n" + two_columns(arguments);
    }
    std::vector<Row> rows = option_rows(command.options);
    for (const Row& row : option_rows(common)) {
        rows.push_back(row);
    }
    text += "\nOptions:\n" + two_columns(rows);
    text += "\nExamples:\n";
    for (const std::string_view line : split(trim(command.examples), '\n')) {
        text += fmt::format("  {}\n", line);
    }
    return text;
}

std::string render_commands(std::string_view prefix) {
    std::vector<Row> rows;
    for (const CommandRow& row : commands()) {
        if (row.name.starts_with(prefix)) {
            rows.emplace_back(row.name, row.summary);
        }
    }
    return two_columns(rows);
}

} // namespace pare::cli
