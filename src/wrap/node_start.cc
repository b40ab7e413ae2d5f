// SPDX-License-Identifier: Apache-2.0
// Problem: npm runs the scripts of package.json by a shell, which images do not have. What uses
// nothing of a shell but its quotes and its assignments before a command can be run without.
#include "support/error.hh"
#include "support/text.hh"
#include "wrap/node.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::wrap {

namespace {

/// What a shell would do something about, outside of quotes.
constexpr std::string_view kShell = "&|;<>()`$*?[{~#\n";
/// Options of node whose value is the next word.
constexpr std::array<std::string_view, 16> kWithValue = {
    "-r",
    "--require",
    "--import",
    "--loader",
    "-C",
    "--conditions",
    "--env-file",
    "--experimental-loader",
    "--title",
    "--input-type",
    "--watch-path",
    "--dns-result-order",
    "--icu-data-dir",
    "--env-file-if-exists",
    "--unhandled-rejections",
    "--experimental-default-type"};
/// Those after which no program follows.
constexpr std::array<std::string_view, 8> kWithoutProgram = {"-e", "--eval", "-p",     "--print",
                                                             "-v", "--run",  "--test", "-i"};

template <typename List>
bool has(const List& list, std::string_view word) {
    return std::ranges::find(list, word) != list.end();
}

/// The first character that only a shell understands; 0 for none.
char shell_character(std::string_view command) {
    char quote = 0;
    for (std::size_t i = 0; i < command.size(); ++i) {
        const char c = command[i];
        if (quote == 0 && (c == '\'' || c == '"')) {
            quote = c;
        } else if (quote != 0 && c == quote) {
            quote = 0;
        } else if (quote != '\'' && c == '\\') {
            ++i;
        } else if (
            quote == 0 ? kShell.find(c) != std::string_view::npos
                       : quote == '"' && (c == '$' || c == '`')) {
            return c;
        }
    }
    return 0;
}

/// `NAME=value`.
bool is_assignment(std::string_view word) {
    const std::size_t mark = word.find('=');
    if (mark == std::string_view::npos || mark == 0 ||
        (word.front() >= '0' && word.front() <= '9')) {
        return false;
    }
    return std::ranges::all_of(word.substr(0, mark), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

} // namespace

StartCommand parse_start_command(std::string_view command) {
    const std::string_view plain = trim(command);
    if (const char c = shell_character(plain); c != 0) {
        return {
            .problem = c == '\n'
                           ? "it has several lines, and images have no shell"
                           : fmt::format("it needs a shell for '{}', and images have none", c)};
    }
    StartCommand start;
    try {
        start.words = split_command(plain);
    } catch (const Error& error) {
        return {.problem = error.message()};
    }
    const auto is_prefix = [](const std::string& word) {
        return is_assignment(word) || word == "cross-env" || word == "exec";
    };
    while (!start.words.empty() && is_prefix(start.words.front())) {
        const std::string& word = start.words.front();
        if (const std::size_t mark = word.find('='); mark != std::string::npos) {
            start.environment[word.substr(0, mark)] = word.substr(mark + 1);
        }
        start.words.erase(start.words.begin());
    }
    if (start.words.empty()) {
        start.problem = "it runs nothing";
    }
    return start;
}

bool is_node_script(BytesView bytes) {
    if (!bytes.starts_with("#!")) {
        return false;
    }
    const BytesView line = bytes.substr(2, std::min(bytes.find('\n'), std::size_t{256}) - 2);
    return std::ranges::any_of(split_words(line), [](std::string_view word) {
        const std::string_view name = word.substr(word.rfind('/') + 1);
        return name == "node" || name == "nodejs";
    });
}

std::optional<std::size_t> find_node_program(const std::vector<std::string>& arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        if (has(kWithoutProgram, word)) {
            return std::nullopt;
        }
        if (has(kWithValue, word)) {
            ++i;
        } else if (!word.starts_with('-')) {
            return i;
        } else if (word == "--") {
            return i + 1 < arguments.size() ? std::optional(i + 1) : std::nullopt;
        }
    }
    return std::nullopt;
}

} // namespace pare::wrap
