// SPDX-License-Identifier: Apache-2.0
// Problem: Depends, Provides, Conflicts and their like, as lists of alternatives.
// Format (Debian policy 7.1, deb-control(5)):
//   field       = [ group *( "," group ) ]
//   group       = relation *( "|" relation )
//   relation    = name [ ":" qualifier ] [ "(" operator version ")" ] [ "[" 1*architecture "]" ]
//   operator    = "<<" / "<=" / "=" / ">=" / ">>", and the old "<" and ">" for "<=" and ">="
// White space, line ends too, may stand between any two of them.
// Refuses: everything else, build profiles, and more relations than any package has.
#include "deb/control.hh"
#include "support/error.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

namespace pare::deb {

namespace {

using package::Alternatives;
using package::Operator;
using package::Relation;

constexpr std::size_t kMostRelations = 20'000;

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_name_character(char c) {
    return is_alphanumeric(c) || c == '+' || c == '-' || c == '.' || c == '_';
}

bool is_version_character(char c) {
    return is_alphanumeric(c) || c == '.' || c == '+' || c == '-' || c == '~' || c == ':';
}

/// Whether `pattern` (`amd64`, `any`, `linux-any`, `any-amd64`) means `architecture`; all of
/// Debian's architectures that pare knows are Linux.
bool architecture_matches(std::string_view pattern, std::string_view architecture) {
    const std::string_view cpu =
        architecture == "armhf" || architecture == "armel" ? std::string_view("arm") : architecture;
    if (pattern == architecture || pattern == "any" || pattern == "linux-any") {
        return true;
    }
    return pattern.starts_with("any-") && pattern.substr(4) == cpu;
}

class Parser {
public:
    Parser(std::string_view text, std::string_view architecture, const std::string& name)
        : text_(text), architecture_(architecture), name_(name) {}

    std::vector<Alternatives> parse() {
        std::vector<Alternatives> groups;
        skip_space();
        if (at_end()) {
            return groups;
        }
        const auto commas = static_cast<std::size_t>(std::ranges::count(text_, ','));
        groups.reserve(std::min(commas + 1, kMostRelations));
        do {
            Alternatives group = take_group();
            if (!group.empty()) {
                groups.push_back(std::move(group));
            }
        } while (accept(','));
        if (!at_end()) {
            refuse("`,` or `|`");
        }
        return groups;
    }

private:
    [[nodiscard]] bool at_end() const { return position_ == text_.size(); }

    [[noreturn]] void refuse(std::string_view expected) const {
        const std::string_view rest = text_.substr(position_, 40);
        throw Error(
            ErrorKind::refused,
            rest.empty() ? fmt::format("{}: expected {}, got the end of the field", name_, expected)
                         : fmt::format("{}: expected {}, got `{}`", name_, expected, rest),
            "relations look like `name (>= 1.2) | other, third`");
    }

    void skip_space() {
        while (!at_end() && is_space(text_[position_])) {
            ++position_;
        }
    }

    /// Skips white space behind it as well.
    bool accept(char c) {
        if (at_end() || text_[position_] != c) {
            return false;
        }
        ++position_;
        skip_space();
        return true;
    }

    template <typename Predicate>
    std::string_view take_while(Predicate wanted, std::string_view expected) {
        const std::size_t begin = position_;
        while (!at_end() && wanted(text_[position_])) {
            ++position_;
        }
        if (begin == position_) {
            refuse(expected);
        }
        return text_.substr(begin, position_ - begin);
    }

    Alternatives take_group() {
        Alternatives group;
        do {
            if (std::optional<Relation> relation = take_relation()) {
                group.push_back(std::move(*relation));
            }
        } while (accept('|'));
        return group;
    }

    /// Nothing when it is not for this architecture.
    std::optional<Relation> take_relation() {
        if (++count_ > kMostRelations) {
            throw Error(
                ErrorKind::refused,
                fmt::format("{}: more than {} relations in one field", name_, kMostRelations),
                "no package has so many");
        }
        Relation relation;
        skip_space();
        if (!at_end() && !is_alphanumeric(text_[position_])) {
            refuse("a package name");
        }
        relation.name = take_while(is_name_character, "a package name");
        if (!at_end() && text_[position_] == ':') {
            ++position_;
            relation.qualifier = take_while(
                [](char c) { return is_alphanumeric(c) || c == '-'; }, "an architecture");
        }
        skip_space();
        if (accept('(')) {
            relation.op = take_operator();
            relation.version = take_while(is_version_character, "a version");
            skip_space();
            if (!accept(')')) {
                refuse("`)`");
            }
        }
        const bool is_wanted = !accept('[') || take_architectures();
        if (!at_end() && text_[position_] == '<') {
            refuse("no build profile in a binary package");
        }
        return is_wanted ? std::optional(std::move(relation)) : std::nullopt;
    }

    Operator take_operator() {
        struct Spelling {
            std::string_view text;
            Operator op;
        };

        static constexpr std::array<Spelling, 7> kSpellings{{
            {"<<", Operator::less},
            {"<=", Operator::less_equal},
            {">=", Operator::greater_equal},
            {">>", Operator::greater},
            {"=", Operator::equal},
            {"<", Operator::less_equal},
            {">", Operator::greater_equal},
        }};
        const std::string_view rest = text_.substr(position_);
        for (const Spelling& spelling : kSpellings) {
            if (rest.starts_with(spelling.text)) {
                position_ += spelling.text.size();
                skip_space();
                return spelling.op;
            }
        }
        refuse("one of <<, <=, =, >=, >>");
    }

    /// What stands between brackets: `amd64 i386` or `!amd64 !i386`.
    bool take_architectures() {
        bool has_positive = false;
        bool has_negative = false;
        bool is_named = false;
        do {
            const bool is_negative = accept('!');
            (is_negative ? has_negative : has_positive) = true;
            const std::string_view pattern = take_while(
                [](char c) { return is_alphanumeric(c) || c == '-'; }, "an architecture");
            is_named = is_named || architecture_matches(pattern, architecture_);
            skip_space();
        } while (!accept(']'));
        if (has_positive && has_negative) {
            refuse("either all or none of the architectures with `!` before this place");
        }
        return is_named == has_positive;
    }

    std::string_view text_;
    std::string_view architecture_;
    const std::string& name_;
    std::size_t position_ = 0;
    std::size_t count_ = 0;
};

} // namespace

std::vector<Alternatives>
parse_relations(std::string_view text, std::string_view architecture, const std::string& name) {
    return Parser(text, architecture, name).parse();
}

} // namespace pare::deb
