// SPDX-License-Identifier: Apache-2.0
// Problem: control files, Packages indexes, Release files and *.sources files all come as deb822.
// Format: deb822(5), Debian policy 5.1. A field is `Name: value`; lines that begin with a space or
// tab continue it; lines that begin with `#` are comments; lines of white space end a paragraph.
// Refuses: any other line, a continuation of nothing, a field twice in one paragraph, NUL bytes,
// more fields or paragraphs than any archive has.
#include "deb/control.hh"

#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <memory>

namespace pare::deb {

namespace {

constexpr std::size_t kMostFields = 256;
constexpr std::size_t kMostParagraphs = 1'000'000;
constexpr std::string_view kBlank = " \t\r";

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, lower, lower);
}

bool is_field_name(std::string_view name) {
    return !name.empty() && name.front() != '-' &&
           std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f'; });
}

/// Goes through a text line by line and collects paragraphs.
class Parser {
public:
    Parser(std::string_view text, const std::string& name) : rest_(text), name_(name) {}

    std::vector<Paragraph> parse() {
        while (!rest_.empty()) {
            ++line_;
            take_line();
        }
        end_paragraph();
        return std::move(paragraphs_);
    }

private:
    [[noreturn]] void refuse(const std::string& what, const std::string& hint) const {
        throw Error(ErrorKind::refused, what, hint).at({name_, line_, 1});
    }

    void take_line() {
        const std::size_t end = std::min(rest_.find('\n'), rest_.size());
        const std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        if (line.find('\0') != std::string_view::npos) {
            refuse("a NUL byte stands in a control file", "control files are plain text");
        }
        if (line.find_first_not_of(kBlank) == std::string_view::npos) {
            end_paragraph();
        } else if (line.front() == '#') {
            has_comment_ = true;
        } else if (line.front() == ' ' || line.front() == '\t') {
            continue_field(line);
        } else {
            begin_field(line);
        }
    }

    void begin_field(std::string_view line) {
        end_field();
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || !is_field_name(line.substr(0, colon))) {
            refuse(
                fmt::format("expected `Field: value`, got `{}`", line.substr(0, 60)),
                "a continuation line has to begin with a space");
        }
        const std::string_view field = line.substr(0, colon);
        if (current_.fields.empty()) {
            current_.line = line_;
        }
        if (current_.has(field)) {
            refuse(fmt::format("the field {} stands here a second time", field), "remove one");
        }
        if (current_.fields.size() == kMostFields) {
            refuse(
                fmt::format("the paragraph has more than {} fields", kMostFields),
                "no package or index has so many");
        }
        current_.fields.emplace_back(field, line.substr(colon + 1));
        has_comment_ = false;
    }

    void continue_field(std::string_view line) {
        if (current_.fields.empty()) {
            refuse(
                "a continuation line stands where a paragraph begins",
                "a field begins in the first column");
        }
        std::string_view& value = current_.fields.back().second;
        if (!has_comment_ && rewritten_ == nullptr) {
            value = std::string_view(value.begin(), line.end());
            return;
        }
        // A comment inside a value: the value is no longer one piece of the text.
        if (rewritten_ == nullptr) {
            rewritten_ = std::make_shared<std::string>(value);
        }
        rewritten_->append("\n").append(line);
        has_comment_ = false;
    }

    void end_field() {
        if (current_.fields.empty()) {
            return;
        }
        std::string_view& value = current_.fields.back().second;
        if (rewritten_ != nullptr) {
            value = *rewritten_;
            current_.owned.push_back(std::exchange(rewritten_, nullptr));
        }
        value = trim(value);
    }

    void end_paragraph() {
        end_field();
        has_comment_ = false;
        if (current_.fields.empty()) {
            return;
        }
        if (paragraphs_.size() == kMostParagraphs) {
            refuse(
                fmt::format("the file has more than {} paragraphs", kMostParagraphs),
                "no archive has so many");
        }
        paragraphs_.push_back(std::exchange(current_, {}));
    }

    std::string_view rest_;
    const std::string& name_;
    std::size_t line_ = 0;
    Paragraph current_;
    bool has_comment_ = false; ///< since the last line of the current field
    std::shared_ptr<std::string> rewritten_;
    std::vector<Paragraph> paragraphs_;
};

} // namespace

std::string_view Paragraph::value(std::string_view field) const {
    for (const auto& [name, text] : fields) {
        if (same_name(name, field)) {
            return text;
        }
    }
    return {};
}

bool Paragraph::has(std::string_view field) const {
    return std::ranges::any_of(
        fields, [field](const auto& pair) { return same_name(pair.first, field); });
}

std::vector<Paragraph> parse_control(std::string_view text, const std::string& name) {
    return Parser(text, name).parse();
}

} // namespace pare::deb
