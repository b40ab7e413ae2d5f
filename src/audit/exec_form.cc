// SPDX-License-Identifier: Apache-2.0
#include "audit/exec_form.hh"

#include "audit/review.hh"
#include "dockerfile/json_words.hh"
#include "support/error.hh"
#include "support/json.hh"
#include "support/text.hh"

#include <algorithm>

namespace pare::audit {

namespace {

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_./:=@%+,- ").find(c) != std::string_view::npos;
}

} // namespace

bool looks_like_exec_form(std::string_view text) {
    if (!text.starts_with('[')) {
        return false;
    }
    const std::string_view inside = trim(text.substr(1));
    return inside.starts_with('"') || inside.starts_with('\'');
}

std::optional<std::string> with_double_quotes(std::string_view text) {
    if (text.find_first_of("\"\\$") != std::string_view::npos) {
        return std::nullopt;
    }
    std::string quoted(text);
    std::replace(quoted.begin(), quoted.end(), '\'', '"');
    try {
        return dockerfile::parse_json_words(quoted) ? std::optional(quoted) : std::nullopt;
    } catch (const Error&) {
        return std::nullopt;
    }
}

std::optional<std::string> to_exec_form(std::string_view text) {
    const auto words = split_words(text);
    const bool plain = std::all_of(text.begin(), text.end(), is_plain) && !words.empty();
    if (!plain || contains(words.front(), "=") ||
        is_one_of(words.front(), {"exec", "cd", "source", ".", "export", "set", "eval", ":"})) {
        return std::nullopt;
    }
    std::string form = "[";
    for (const std::string_view word : words) {
        form += (form.size() > 1 ? ", " : "") + json::write(json::Value(word));
    }
    return form + "]";
}

} // namespace pare::audit
