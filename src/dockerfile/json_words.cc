// SPDX-License-Identifier: Apache-2.0
// Whether an instruction has JSON form decides what runs, so this agrees with BuildKit, which asks
// Go's encoding/json: a single byte too much turns the whole line into text for a shell, and bytes
// that are no UTF-8 and halves of surrogate pairs become U+FFFD instead.
//
//   array  = "[" [string *("," string)] "]" and white space between and behind
//   string = RFC 8259, section 7
#include "dockerfile/json_words.hh"

#include "dockerfile/line.hh"
#include "support/error.hh"
#include "support/json.hh"

#include <algorithm>
#include <cstdint>

namespace pare::dockerfile {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

void append_utf8(std::string& text, std::uint32_t code) {
    const auto add = [&text](std::uint32_t byte) { text += static_cast<char>(byte); };
    if (code < 0x80U) {
        add(code);
    } else if (code < 0x800U) {
        add(0xc0U | (code >> 6U));
        add(0x80U | (code & 0x3fU));
    } else if (code < 0x10000U) {
        add(0xe0U | (code >> 12U));
        add(0x80U | ((code >> 6U) & 0x3fU));
        add(0x80U | (code & 0x3fU));
    } else {
        add(0xf0U | (code >> 18U));
        add(0x80U | ((code >> 12U) & 0x3fU));
        add(0x80U | ((code >> 6U) & 0x3fU));
        add(0x80U | (code & 0x3fU));
    }
}

class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    void skip_space() {
        constexpr std::string_view kSpace = " \t\r\n";
        at_ = std::min(text_.find_first_not_of(kSpace, at_), text_.size());
    }

    [[nodiscard]] bool at_end() const { return at_ == text_.size(); }

    [[nodiscard]] bool sees(char c) const { return at_ < text_.size() && text_[at_] == c; }

    bool take(char c) {
        const bool there = sees(c);
        at_ += there ? 1 : 0;
        return there;
    }

    /// A string with its quotes; nothing when it is not well-formed.
    std::optional<JsonWord> string() {
        const std::size_t begin = at_;
        JsonWord word;
        if (!take('"')) {
            return std::nullopt;
        }
        while (!take('"')) {
            if (at_end() || static_cast<unsigned char>(text_[at_]) < 0x20U) {
                return std::nullopt;
            }
            if (take('\\')) {
                if (!escape(word.text)) {
                    return std::nullopt;
                }
            } else {
                character(word.text);
            }
        }
        word.part = text_.substr(begin, at_ - begin);
        return word;
    }

private:
    void character(std::string& out) {
        const std::string_view rest = text_.substr(at_);
        const std::size_t width = character_width(rest);
        const bool broken = width == 1 && static_cast<unsigned char>(rest.front()) >= 0x80U;
        out += broken ? kReplacement : rest.substr(0, width);
        at_ += width;
    }

    bool escape(std::string& out) {
        constexpr std::string_view kNames = "\"\\/bfnrt";
        constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
        if (at_end()) {
            return false;
        }
        const char c = text_[at_++];
        if (c == 'u') {
            return unicode(out);
        }
        const std::size_t index = kNames.find(c);
        if (index == std::string_view::npos) {
            return false;
        }
        out += kValues[index];
        return true;
    }

    bool unicode(std::string& out) {
        const auto code = hex();
        if (!code) {
            return false;
        }
        if (*code < 0xd800U || *code > 0xdfffU) {
            append_utf8(out, *code);
            return true;
        }
        const std::size_t behind = at_;
        if (*code < 0xdc00U && take('\\') && take('u')) {
            const auto low = hex();
            if (low && *low >= 0xdc00U && *low <= 0xdfffU) {
                append_utf8(out, 0x10000U + ((*code - 0xd800U) << 10U) + (*low - 0xdc00U));
                return true;
            }
        }
        at_ = behind;
        out += kReplacement;
        return true;
    }

    std::optional<std::uint32_t> hex() {
        std::uint32_t value = 0;
        for (int i = 0; i < 4; ++i) {
            constexpr std::string_view kDigits = "0123456789abcdef";
            if (at_end()) {
                return std::nullopt;
            }
            const char c = text_[at_];
            const std::size_t digit =
                kDigits.find(static_cast<char>(c >= 'A' && c <= 'F' ? c + ('a' - 'A') : c));
            if (digit == std::string_view::npos) {
                return std::nullopt;
            }
            value = value * 16 + static_cast<std::uint32_t>(digit);
            ++at_;
        }
        return value;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

/// Called where something else than a string stands.
std::optional<std::vector<JsonWord>> judge_other_values(std::string_view text) {
    try {
        static_cast<void>(json::parse(text, "", json::Repeated::last_wins));
    } catch (const Error&) {
        return std::nullopt;
    }
    throw Error(
        ErrorKind::definition, "the JSON form takes an array of strings, nothing else",
        "put double quotes around each element");
}

} // namespace

std::optional<std::vector<JsonWord>> parse_json_words(std::string_view text) {
    const std::string_view trimmed = trim_left(text);
    Scanner scanner(trimmed);
    if (!scanner.take('[')) {
        return std::nullopt;
    }
    std::vector<JsonWord> words;
    scanner.skip_space();
    if (!scanner.take(']')) {
        while (true) {
            scanner.skip_space();
            if (!scanner.sees('"')) {
                return judge_other_values(trimmed);
            }
            auto word = scanner.string();
            if (!word) {
                return std::nullopt;
            }
            words.push_back(std::move(*word));
            scanner.skip_space();
            if (scanner.take(']')) {
                break;
            }
            if (!scanner.take(',')) {
                return std::nullopt;
            }
        }
    }
    scanner.skip_space();
    return scanner.at_end() ? std::optional(std::move(words)) : std::nullopt;
}

} // namespace pare::dockerfile
