// SPDX-License-Identifier: Apache-2.0
// A word opens a here-document only when all of it is `[digits]<<[-][blanks]name`: `(<< 4.0)` and
// `"<<EOF"` open none. The escape character in names is the backslash, whatever the directive says.
#include "dockerfile/heredoc.hh"

#include "dockerfile/expand.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <algorithm>

namespace pare::dockerfile {

namespace {

constexpr std::uint64_t kMaxDescriptor = 1'000'000;

std::size_t count_quotes(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return c == '\'' || c == '"'; }));
}

} // namespace

std::optional<Heredoc> parse_heredoc(std::string_view word) {
    const std::size_t mark = std::min(word.find_first_not_of("0123456789"), word.size());
    const std::string_view digits = word.substr(0, mark);
    std::string_view name = word.substr(mark);
    if (!name.starts_with("<<")) {
        return std::nullopt;
    }
    name.remove_prefix(2);
    Heredoc heredoc{.strip_tabs = name.starts_with('-')};
    name.remove_prefix(heredoc.strip_tabs ? 1 : 0);
    name.remove_prefix(std::min(name.find_first_not_of(" \t\r\n\f"), name.size()));
    if (name.empty() || name.find('<') != std::string_view::npos) {
        return std::nullopt;
    }
    const auto plain = expand(name, {}, {.keep_unset = true});
    if (plain.words.size() != 1) {
        return std::nullopt;
    }
    // A quote that is gone without keep_quotes did quote; an escaped one stays in both.
    const auto quoted = expand(name, {}, {.keep_quotes = true, .keep_unset = true});
    heredoc.name = plain.words.front();
    heredoc.expand = count_quotes(heredoc.name) == count_quotes(quoted.text);
    heredoc.descriptor =
        static_cast<unsigned>(std::min(parse_number(digits).value_or(0), kMaxDescriptor));
    return heredoc;
}

std::vector<Heredoc> heredocs_of(std::string_view text) {
    std::vector<Heredoc> heredocs;
    Expanded line;
    try {
        line = expand(text, {}, {.keep_quotes = true, .keep_escapes = true, .keep_unset = true});
    } catch (const Error&) {
        // A line for a shell may hold what is no text of ours, like an apostrophe in a comment.
        return heredocs;
    }
    for (const std::string& word : line.words) {
        if (auto heredoc = parse_heredoc(word)) {
            heredocs.push_back(std::move(*heredoc));
        }
    }
    return heredocs;
}

std::string content_of(const Heredoc& heredoc) {
    if (!heredoc.strip_tabs) {
        return heredoc.content;
    }
    std::string content;
    bool at_start = true;
    for (const char c : heredoc.content) {
        if (!at_start || c != '\t') {
            content += c;
            at_start = c == '\n';
        }
    }
    return content;
}

} // namespace pare::dockerfile
