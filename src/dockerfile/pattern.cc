// SPDX-License-Identifier: Apache-2.0
// A pattern is a row of tokens; how far it can match from one place is found by following all
// tokens that may be next, one character at a time. There is no backtracking, and what a hostile
// pattern may cost is counted.
#include "dockerfile/pattern.hh"

#include "dockerfile/line.hh"
#include "support/error.hh"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace pare::dockerfile {

namespace {

constexpr std::size_t kMaxSteps = 2'000'000;
constexpr std::size_t kMaxResult = 1U << 20U;

struct Token {
    enum class Kind { literal, one, any };

    Kind kind = Kind::literal;
    std::string_view literal{};
};

using Characters = std::vector<std::string_view>;

Characters characters_of(std::string_view text) {
    Characters characters;
    while (!text.empty()) {
        const std::size_t width = character_width(text);
        characters.push_back(text.substr(0, width));
        text.remove_prefix(width);
    }
    return characters;
}

[[noreturn]] void refuse_escape(std::string_view pattern) {
    throw Error(
        ErrorKind::definition,
        fmt::format("the pattern \"{}\" escapes what needs no escape", pattern),
        "a backslash stands before *, ?, } or another backslash only");
}

std::vector<Token> parse_pattern(std::string_view pattern) {
    const Characters characters = characters_of(pattern);
    std::vector<Token> tokens;
    for (std::size_t i = 0; i < characters.size(); ++i) {
        if (characters[i] == "*") {
            tokens.push_back({Token::Kind::any});
        } else if (characters[i] == "?") {
            tokens.push_back({Token::Kind::one});
        } else if (characters[i] != "\\") {
            tokens.push_back({Token::Kind::literal, characters[i]});
        } else {
            // `\}` and `\/` keep the end of the expansion away; they come here with the backslash.
            constexpr std::string_view kEscaped = "*?\\}/";
            ++i;
            if (i == characters.size() || kEscaped.find(characters[i]) == std::string_view::npos) {
                refuse_escape(pattern);
            }
            tokens.push_back({Token::Kind::literal, characters[i]});
        }
    }
    return tokens;
}

class Matcher {
public:
    explicit Matcher(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

    /// How many characters from `start` on match.
    std::optional<std::size_t>
    match(const Characters& characters, std::size_t start, Extent extent) {
        std::vector<bool> now(tokens_.size() + 1, false);
        enter(now, 0);
        std::optional<std::size_t> found;
        for (std::size_t at = start;; ++at) {
            if (now[tokens_.size()]) {
                found = at - start;
                if (extent == Extent::shortest) {
                    return found;
                }
            }
            if (at == characters.size() || !advance(now, characters[at])) {
                return found;
            }
        }
    }

private:
    /// Marks `token` as a place where the match may be, with those that `*` lets be skipped.
    void enter(std::vector<bool>& states, std::size_t token) const {
        states[token] = true;
        while (token < tokens_.size() && tokens_[token].kind == Token::Kind::any) {
            states[++token] = true;
        }
    }

    bool advance(std::vector<bool>& now, std::string_view character) {
        steps_ += tokens_.size() + 1;
        if (steps_ > kMaxSteps) {
            throw Error(
                ErrorKind::definition, "matching a pattern takes too long",
                "use a shorter pattern or value");
        }
        std::vector<bool> next(now.size(), false);
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            const Token& token = tokens_[i];
            if (!now[i] || (token.kind != Token::Kind::literal && character == "\n")) {
                continue;
            }
            if (token.kind == Token::Kind::any) {
                enter(next, i);
            } else if (token.kind == Token::Kind::one || token.literal == character) {
                enter(next, i + 1);
            }
        }
        now = std::move(next);
        return std::find(now.begin(), now.end(), true) != now.end();
    }

    std::vector<Token> tokens_;
    std::size_t steps_ = 0;
};

std::string text_of(const Characters& characters, std::size_t begin, std::size_t end) {
    std::string text;
    for (std::size_t i = begin; i < end; ++i) {
        text += characters[i];
    }
    return text;
}

} // namespace

std::string cut_prefix(std::string_view value, std::string_view pattern, Extent extent) {
    const Characters characters = characters_of(value);
    const auto length = Matcher(parse_pattern(pattern)).match(characters, 0, extent);
    return text_of(characters, length.value_or(0), characters.size());
}

std::string cut_suffix(std::string_view value, std::string_view pattern, Extent extent) {
    Characters characters = characters_of(value);
    std::vector<Token> tokens = parse_pattern(pattern);
    std::reverse(characters.begin(), characters.end());
    std::reverse(tokens.begin(), tokens.end());
    const auto length = Matcher(std::move(tokens)).match(characters, 0, extent);
    std::reverse(characters.begin(), characters.end());
    return text_of(characters, 0, characters.size() - length.value_or(0));
}

std::string replace_matches(
    std::string_view value, std::string_view pattern, std::string_view replacement, Times times) {
    const Characters characters = characters_of(value);
    Matcher matcher(parse_pattern(pattern));
    std::string result;
    std::size_t copied = 0;
    for (std::size_t at = 0; at <= characters.size();) {
        const auto length = matcher.match(characters, at, Extent::longest);
        if (!length) {
            ++at;
            continue;
        }
        result += text_of(characters, copied, at);
        // An empty match right behind another one does not count.
        if (*length > 0 || at != copied || at == 0) {
            result += replacement;
        }
        if (result.size() > kMaxResult) {
            throw Error(
                ErrorKind::definition, "a replacement makes more than 1 MiB",
                "use a shorter replacement");
        }
        copied = at + *length;
        at += std::max<std::size_t>(*length, 1);
        if (times == Times::once) {
            break;
        }
    }
    return result + text_of(characters, std::min(copied, characters.size()), characters.size());
}

} // namespace pare::dockerfile
