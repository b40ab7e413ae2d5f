// SPDX-License-Identifier: Apache-2.0
#include "sbom/licence.hh"

#include "support/digest.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pare::sbom {

namespace {

constexpr std::size_t kLongestName = 60;
constexpr std::size_t kMostWords = 200;
constexpr std::size_t kDeepest = 20;

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return result;
}

/// Debian's short names (copyright-format 1.0, section 7.1) and common ones of its packages.
constexpr auto kDebianNames = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"apache-2", "Apache-2.0"},
    {"artistic", "Artistic-1.0-Perl"},
    {"artistic-1", "Artistic-1.0-Perl"},
    {"artistic-2", "Artistic-2.0"},
    {"boost", "BSL-1.0"},
    {"boost-1", "BSL-1.0"},
    {"bsd-2", "BSD-2-Clause"},
    {"bsd-3", "BSD-3-Clause"},
    {"bsd-4", "BSD-4-Clause"},
    {"cc0", "CC0-1.0"},
    {"cddl", "CDDL-1.0"},
    {"cddl-1", "CDDL-1.0"},
    {"eclipse-public-license-v1", "EPL-1.0"},
    {"expat", "MIT"},
    {"freetype", "FTL"},
    {"mpl-2", "MPL-2.0"},
    {"perl", "Artistic-1.0-Perl OR GPL-1.0-or-later"},
    {"psf", "PSF-2.0"},
    {"psf-2", "PSF-2.0"},
    {"sil-1.1", "OFL-1.1"},
    {"sil-ofl-1.1", "OFL-1.1"},
    {"w3c-software", "W3C"},
    {"x11", "X11"},
    {"zlib/libpng", "Zlib"},
});

/// The GNU licences, which SPDX names by version and by what follows later: `GPL-2+` is
/// GPL-2.0-or-later. Empty when it is none of them.
std::string gnu_name(std::string_view name) {
    const std::string low = lower(name);
    for (const std::string_view family : {"GPL", "LGPL", "AGPL", "GFDL"}) {
        const std::string prefix = lower(family) + "-";
        if (!low.starts_with(prefix)) {
            continue;
        }
        std::string_view rest = std::string_view(low).substr(prefix.size());
        std::string middle;
        if (family == "GFDL" && rest.starts_with("niv-")) {
            middle = "-no-invariants";
            rest.remove_prefix(4);
        }
        const bool later = rest.ends_with('+');
        rest.remove_suffix(later ? 1 : 0);
        rest = rest.ends_with(".0") ? rest.substr(0, rest.size() - 2) : rest;
        const std::string version = rest.find('.') == std::string_view::npos
                                        ? fmt::format("{}.0", rest)
                                        : std::string(rest);
        const std::string spdx =
            fmt::format("{}-{}{}-{}", family, version, middle, later ? "or-later" : "only");
        return std::string(known_licence(spdx));
    }
    return "";
}

/// Reads the grammar of annex D.
class ExpressionReader {
public:
    explicit ExpressionReader(std::string_view text) { split_tokens(text); }

    std::optional<std::string> run() {
        if (tokens_.empty() || tokens_.size() > kMostWords) {
            return std::nullopt;
        }
        const std::string expression = alternatives(0);
        return is_good_ && next_ == tokens_.size() ? std::optional(expression) : std::nullopt;
    }

private:
    void split_tokens(std::string_view text) {
        for (const std::string_view word : split_words(text)) {
            std::size_t begin = 0;
            for (std::size_t i = 0; i <= word.size(); ++i) {
                const bool bracket = i < word.size() && (word[i] == '(' || word[i] == ')');
                if (i > begin && (bracket || i == word.size())) {
                    tokens_.push_back(word.substr(begin, i - begin));
                }
                if (bracket) {
                    tokens_.push_back(word.substr(i, 1));
                    begin = i + 1;
                }
            }
        }
    }

    bool take(std::string_view keyword) {
        const bool found = next_ < tokens_.size() && lower(tokens_[next_]) == keyword;
        next_ += found ? 1 : 0;
        return found;
    }

    std::string_view take_word() {
        is_good_ = is_good_ && next_ < tokens_.size();
        return is_good_ ? tokens_[next_++] : std::string_view();
    }

    std::string alternatives(std::size_t depth) {
        std::string expression = parts(depth);
        while (is_good_ && take("or")) {
            expression += " OR " + parts(depth);
        }
        return expression;
    }

    std::string parts(std::size_t depth) {
        std::string expression = licence(depth);
        while (is_good_ && take("and")) {
            expression += " AND " + licence(depth);
        }
        return expression;
    }

    std::string licence(std::size_t depth) {
        if (take("(")) {
            is_good_ = is_good_ && depth < kDeepest;
            const std::string inner = is_good_ ? alternatives(depth + 1) : "";
            is_good_ = is_good_ && take(")");
            return "(" + inner + ")";
        }
        const std::string_view word = take_word();
        std::string name = gnu_name(word);
        if (name.empty()) {
            name = known_licence(word);
        }
        is_good_ = is_good_ && !name.empty();
        if (is_good_ && take("with")) {
            const std::string_view exception = known_exception(take_word());
            is_good_ = is_good_ && !exception.empty();
            name += fmt::format(" WITH {}", exception);
        }
        return name;
    }

    std::vector<std::string_view> tokens_{};
    std::size_t next_ = 0;
    bool is_good_ = true;
};

} // namespace

LicenceText refer_to(std::string_view name, std::string_view text) {
    std::string id = "LicenseRef-";
    for (const char c : name.substr(0, kLongestName)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '.' || c == '-';
        id += plain ? c : '-';
    }
    const std::string both = fmt::format("{}\n{}", name, text);
    return {
        .id = fmt::format("{}-{}", id, hash_hex(both).substr(0, 12)),
        .name = std::string(name),
        .text = std::string(text)};
}

std::optional<std::string> spdx_expression(std::string_view text) {
    return ExpressionReader(text).run();
}

Licences declared_licence(std::string_view text) {
    const std::string_view words = trim(text);
    if (words.empty()) {
        return {};
    }
    if (auto expression = spdx_expression(words)) {
        return {.expression = *std::move(expression)};
    }
    LicenceText reference = refer_to(words, words);
    return {.expression = reference.id, .texts = {std::move(reference)}};
}

std::string spdx_name_of_debian(std::string_view name) {
    const std::string low = lower(name);
    const auto* const known =
        std::ranges::find(kDebianNames, low, [](const auto& pair) { return pair.first; });
    if (known != kDebianNames.end()) {
        return std::string(known->second);
    }
    std::string gnu = gnu_name(name);
    return gnu.empty() ? std::string(known_licence(name)) : gnu;
}

std::string join_expressions(const std::vector<std::string>& expressions, std::string_view word) {
    if (expressions.size() == 1) {
        return expressions.front();
    }
    std::string joined;
    for (const std::string& each : expressions) {
        const bool composed =
            each.find(" AND ") != std::string::npos || each.find(" OR ") != std::string::npos;
        joined += joined.empty() ? "" : fmt::format(" {} ", word);
        joined += composed ? "(" + each + ")" : each;
    }
    return joined;
}

} // namespace pare::sbom
