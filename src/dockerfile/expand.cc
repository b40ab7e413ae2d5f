// SPDX-License-Identifier: Apache-2.0
//   '...'            literal
//   "..."            $ expands; the escape character escapes ", $ and itself
//   \c               c, outside of quotes
//   $name ${name}    the value, or nothing; names of digits and of one special character are never
//                    set
//   ${name:-word}    without ':' only for an unset variable; with it for an empty one too
//   ${name:+word} ${name:?message}
//   ${name#pattern} ${name##pattern} ${name%pattern} ${name%%pattern}
//   ${name/pattern/text} ${name//pattern/text}
//
// POSIX shell, 2.6.2, as far as BuildKit goes along. Different from it: any character beyond ASCII
// may be part of a name.
#include "dockerfile/expand.hh"

#include "dockerfile/line.hh"
#include "dockerfile/pattern.hh"
#include "support/error.hh"

#include <fmt/core.h>

#include <optional>
#include <set>
#include <utility>

namespace pare::dockerfile {

namespace {

constexpr std::size_t kMaxResult = 1U << 20U;
constexpr std::size_t kDeepest = 50;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_name_byte(char c) {
    return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80U;
}

bool is_special_parameter(char c) {
    return std::string_view("@*#?-$!0").find(c) != std::string_view::npos;
}

[[noreturn]] void refuse(std::string message, std::string hint) {
    throw Error(ErrorKind::definition, std::move(message), std::move(hint));
}

/// The start of a text, for messages.
std::string brief(std::string_view text) {
    constexpr std::size_t kShown = 60;
    return text.size() <= kShown ? std::string(text) : std::string(text.substr(0, kShown)) + "...";
}

/// The result as one text and as words.
class Words {
public:
    /// Text in which white space separates words.
    void add(std::string_view text) {
        text_ += text;
        std::size_t begin = 0;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t width = space_width(text.substr(at));
            if (width > 0) {
                word_ += text.substr(begin, at - begin);
                finish();
                begin = at + width;
            }
            at += width > 0 ? width : 1;
        }
        word_ += text.substr(begin);
    }

    /// Text in which it does not.
    void add_quoted(std::string_view text) {
        text_ += text;
        word_ += text;
    }

    /// The text so far ends here.
    Expanded take() {
        finish();
        return {.text = std::move(text_), .words = std::move(words_), .uses = {}};
    }

private:
    void finish() {
        if (!word_.empty()) {
            words_.push_back(std::move(word_));
            word_.clear();
        }
    }

    std::string text_;
    std::string word_;
    std::vector<std::string> words_;
};

class Lexer {
public:
    Lexer(std::string_view text, const Variables& variables, const ExpandOptions& options)
        : text_(text), variables_(variables), options_(options) {}

    Expanded run() {
        Expanded expanded = until(std::nullopt, options_.keep_escapes);
        expanded.uses = std::move(uses_);
        return expanded;
    }

private:
    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }

    [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }

    [[nodiscard]] bool sees(char c) const { return !at_end() && text_[at_] == c; }

    std::string_view next() {
        const std::size_t width = character_width(text_.substr(at_));
        at_ += width;
        return text_.substr(at_ - width, width);
    }

    /// Up to `stop`, which is taken, or to the end.
    Expanded until(std::optional<char> stop, bool keep_escapes) {
        if (++depth_ > kDeepest) {
            refuse("expansions stand in each other too deep", "use variables in between");
        }
        const bool outer = std::exchange(keep_escapes_, keep_escapes);
        Words words;
        while (!at_end()) {
            if (stop && sees(*stop)) {
                ++at_;
                stop.reset();
                break;
            }
            step(words);
        }
        keep_escapes_ = outer;
        --depth_;
        if (stop) {
            refuse(
                fmt::format("the text \"{}\" ends before {}", brief(text_), *stop),
                fmt::format("close it with {}", *stop));
        }
        return words.take();
    }

    void step(Words& words) {
        const char c = peek();
        if (c == '$') {
            words.add(dollar());
        } else if (c == '\'' && !options_.plain_quotes) {
            words.add_quoted(single_quotes());
        } else if (c == '"' && !options_.plain_quotes) {
            words.add_quoted(double_quotes());
        } else if (c == '<') {
            words.add_quoted(heredoc_mark());
        } else if (c == options_.escape) {
            ++at_;
            if (keep_escapes_) {
                words.add_quoted(std::string_view(&options_.escape, 1));
            }
            if (!at_end()) {
                words.add_quoted(next());
            }
        } else {
            words.add(next());
        }
    }

    /// `<`, or `<<` and the blanks behind it, so that they do not part it from its name.
    std::string_view heredoc_mark() {
        const std::size_t begin = at_++;
        if (sees('<')) {
            ++at_;
            while (sees(' ') || sees('\t')) {
                ++at_;
            }
        }
        return text_.substr(begin, at_ - begin);
    }

    std::string single_quotes() {
        const std::size_t end = text_.find('\'', at_ + 1);
        if (end == std::string_view::npos) {
            refuse(
                fmt::format("a single quote in \"{}\" is not closed", brief(text_)),
                "add the other '");
        }
        const std::size_t begin = std::exchange(at_, end + 1);
        const std::string_view all = text_.substr(begin, end + 1 - begin);
        return std::string(options_.keep_quotes ? all : all.substr(1, all.size() - 2));
    }

    std::string double_quotes() {
        std::string result = options_.keep_quotes ? "\"" : "";
        ++at_;
        while (!sees('"')) {
            if (at_end()) {
                refuse(
                    fmt::format("a double quote in \"{}\" is not closed", brief(text_)),
                    "add the other \"");
            }
            if (sees('$')) {
                result += dollar();
            } else if (sees(options_.escape)) {
                quoted_escape(result);
            } else {
                result += next();
            }
        }
        ++at_;
        return options_.keep_quotes ? result + '"' : result;
    }

    void quoted_escape(std::string& result) {
        ++at_;
        if (keep_escapes_) {
            result += options_.escape;
        }
        if (at_end()) {
            return;
        }
        const bool escapes = sees('"') || sees('$') || sees(options_.escape);
        result += escapes ? next() : std::string_view(&options_.escape, 1);
    }

    std::string dollar() {
        const std::size_t begin = at_++;
        if (!sees('{')) {
            const std::string name = take_name();
            return name.empty() ? "$" : value_or_text(name, text_.substr(begin, at_ - begin));
        }
        ++at_;
        if (at_end() || sees('{') || sees('}') || sees(':')) {
            refuse(
                fmt::format("\"{}\" has a bad substitution", brief(text_)),
                "write a name between the braces: ${name}");
        }
        const std::string name = take_name();
        if (sees('}')) {
            ++at_;
            return value_or_text(name, text_.substr(begin, at_ - begin));
        }
        return modified(name);
    }

    std::string value_or_text(const std::string& name, std::string_view text) {
        const std::string* value = find(name, false);
        return value != nullptr ? *value : options_.keep_unset ? std::string(text) : "";
    }

    /// Behind `${name`.
    std::string modified(const std::string& name) {
        const bool with_empty = sees(':');
        at_ += with_empty ? 1 : 0;
        const char modifier = peek();
        constexpr std::string_view kWithColon = "-+?";
        constexpr std::string_view kWithout = "-+?#%/";
        if (at_end() ||
            (with_empty ? kWithColon : kWithout).find(modifier) == std::string_view::npos) {
            refuse(
                fmt::format("\"{}\" has a modifier that does not exist", brief(text_)),
                "after the name stand :-, :+, :?, -, +, ?, #, ##, %, %%, / or //");
        }
        ++at_;
        if (modifier == '/') {
            return replaced(name);
        }
        const bool cuts = modifier == '#' || modifier == '%';
        const std::string word = until('}', cuts).text;
        const std::string* value = find(name, !cuts);
        if (value == nullptr && options_.keep_unset) {
            return fmt::format("${{{}{}{}{}}}", name, with_empty ? ":" : "", modifier, word);
        }
        if (cuts) {
            return cut(value, modifier, word);
        }
        const bool missing = value == nullptr || (with_empty && value->empty());
        if (modifier == '+') {
            return missing ? "" : word;
        }
        if (modifier == '?' && missing) {
            refuse(
                fmt::format("{}: {}", name, word.empty() ? "must have a value" : word),
                fmt::format("give --build-arg {}=VALUE", name));
        }
        return missing ? word : *value;
    }

    static std::string cut(const std::string* value, char modifier, std::string_view pattern) {
        const bool longest = pattern.starts_with(modifier);
        pattern.remove_prefix(longest ? 1 : 0);
        const Extent extent = longest ? Extent::longest : Extent::shortest;
        const std::string text = value != nullptr ? *value : "";
        return modifier == '#' ? cut_prefix(text, pattern, extent)
                               : cut_suffix(text, pattern, extent);
    }

    std::string replaced(const std::string& name) {
        const bool all = sees('/');
        at_ += all ? 1 : 0;
        const std::string pattern = until('/', true).text;
        const std::string replacement = until('}', true).text;
        const std::string* value = find(name, false);
        if (value == nullptr && options_.keep_unset) {
            return fmt::format("${{{}/{}/{}}}", name, pattern, replacement);
        }
        return replace_matches(
            value != nullptr ? *value : "", pattern, replacement, all ? Times::all : Times::once);
    }

    std::string take_name() {
        const std::size_t begin = at_;
        if (is_digit(peek())) {
            while (is_digit(peek())) {
                ++at_;
            }
        } else if (!at_end() && is_special_parameter(peek())) {
            ++at_;
        } else {
            while (!at_end() && is_name_byte(peek()) && space_width(text_.substr(at_)) == 0) {
                ++at_;
            }
        }
        return std::string(text_.substr(begin, at_ - begin));
    }

    const std::string* find(const std::string& name, bool has_default) {
        const auto found = variables_.find(name);
        const bool set = found != variables_.end();
        if (seen_.emplace(name, has_default).second) {
            uses_.push_back({.name = name, .set = set, .has_default = has_default});
        }
        size_ += set ? found->second.size() : 0;
        if (size_ > kMaxResult) {
            refuse(
                "an expanded text has more than 1 MiB", "do not let variables double themselves");
        }
        return set ? &found->second : nullptr;
    }

    std::string_view text_;
    const Variables& variables_;
    const ExpandOptions& options_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    std::size_t size_ = 0; ///< of all values so far
    bool keep_escapes_ = false;
    std::vector<Use> uses_;
    std::set<std::pair<std::string, bool>> seen_;
};

} // namespace

Expanded expand(std::string_view text, const Variables& variables, const ExpandOptions& options) {
    return Lexer(text, variables, options).run();
}

} // namespace pare::dockerfile
