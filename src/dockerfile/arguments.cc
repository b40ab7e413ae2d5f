// SPDX-License-Identifier: Apache-2.0
//   instruction = keyword *(--flag) ["--"] arguments
//   arguments   = JSON array of strings      RUN CMD ENTRYPOINT SHELL; ADD COPY VOLUME; HEALTHCHECK
//               | text                       RUN CMD ENTRYPOINT SHELL MAINTAINER STOPSIGNAL USER
//                                            WORKDIR
//               | words at white space       FROM EXPOSE ADD COPY VOLUME
//               | words with quotes          ARG
//               | name=value ... | name text ENV LABEL
//               | type [text | JSON]         HEALTHCHECK
//               | instruction                ONBUILD
//
// Quotes and escapes of words stay: they are taken away when variables are expanded.
#include "dockerfile/arguments.hh"

#include "dockerfile/json_words.hh"
#include "support/error.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::dockerfile {

namespace {

enum class Nesting { none, in_onbuild };

Instruction
parse_part(const LogicalLine& line, std::string_view part, char escape, Nesting nesting);

[[noreturn]] void refuse_at(const Position& place, std::string message, std::string hint) {
    Error error(ErrorKind::definition, std::move(message), std::move(hint));
    error.at({"", place.line, place.column});
    throw error;
}

/// Takes the flags from the front of `rest`.
class FlagReader {
public:
    FlagReader(const LogicalLine& line, std::string_view rest) : line_(line), rest_(rest) {}

    /// Leaves what stands behind the flags.
    std::string_view read(std::vector<Word>& flags) {
        while (true) {
            rest_ = trim_left(rest_);
            if (!rest_.starts_with("--")) {
                return rest_;
            }
            const std::string_view from = rest_;
            Word flag{.text = take_word()};
            if (flag.text == "--") {
                return rest_;
            }
            flag.range = line_.range(from.substr(0, from.size() - rest_.size()));
            flags.push_back(std::move(flag));
        }
    }

private:
    std::string take_word() {
        std::string word;
        char quote = '\0';
        while (!rest_.empty() && (quote != '\0' || space_width(rest_) == 0)) {
            const char c = rest_.front();
            if (c == '\\') {
                rest_.remove_prefix(1);
                take_character(word);
            } else if (quote != '\0' ? c == quote : c == '\'' || c == '"') {
                quote = quote != '\0' ? '\0' : c;
                rest_.remove_prefix(1);
            } else {
                take_character(word);
            }
        }
        return word;
    }

    void take_character(std::string& word) {
        if (!rest_.empty()) {
            const std::size_t width = character_width(rest_);
            word += rest_.substr(0, width);
            rest_.remove_prefix(width);
        }
    }

    const LogicalLine& line_;
    std::string_view rest_;
};

/// Words that may hold quotes and escapes; both stay, but for an escape at the very end.
class QuotedWords {
public:
    QuotedWords(const LogicalLine& line, std::string_view rest, char escape)
        : line_(line), rest_(rest), escape_(escape) {}

    std::vector<Word> read() {
        std::vector<Word> words;
        for (rest_ = trim_left(rest_); !rest_.empty(); rest_ = trim_left(rest_)) {
            const std::string_view from = rest_;
            Word word{.text = take_word()};
            word.range = line_.range(from.substr(0, from.size() - rest_.size()));
            if (!word.text.empty()) {
                words.push_back(std::move(word));
            }
        }
        return words;
    }

private:
    std::string take_word() {
        std::string word;
        char quote = '\0';
        while (!rest_.empty() && (quote != '\0' || space_width(rest_) == 0)) {
            const char c = rest_.front();
            if (c == escape_ && quote != '\'') {
                rest_.remove_prefix(1);
                if (rest_.empty()) {
                    break;
                }
                word += c;
            } else if (quote != '\0' ? c == quote : c == '\'' || c == '"') {
                quote = quote != '\0' ? '\0' : c;
            }
            const std::size_t width = character_width(rest_);
            word += rest_.substr(0, width);
            rest_.remove_prefix(width);
        }
        return word;
    }

    const LogicalLine& line_;
    std::string_view rest_;
    char escape_;
};

std::vector<Word> words_at_separators(const LogicalLine& line, std::string_view rest) {
    std::vector<Word> words;
    while (!rest.empty()) {
        const auto end = std::find_if(rest.begin(), rest.end(), is_separator);
        words.push_back(line.word(rest.substr(0, static_cast<std::size_t>(end - rest.begin()))));
        const auto next = std::find_if_not(end, rest.end(), is_separator);
        rest.remove_prefix(static_cast<std::size_t>(next - rest.begin()));
    }
    return words;
}

void add_pair(Instruction& instruction, Word name, Word value, std::string separator) {
    Word sign{.text = std::move(separator), .range = value.range};
    instruction.words.push_back(std::move(name));
    instruction.words.push_back(std::move(value));
    instruction.words.push_back(std::move(sign));
}

/// `name=value` in one word; quotes do not hide the `=`.
void add_assignment(Instruction& instruction, const Word& word) {
    const std::size_t equals = word.text.find('=');
    if (equals == std::string::npos) {
        refuse_at(
            word.range.begin, fmt::format("\"{}\" has no = between name and value", word.text),
            "write name=value for each, with quotes around a value that has spaces");
    }
    add_pair(
        instruction, {word.text.substr(0, equals), word.range},
        {word.text.substr(equals + 1), word.range}, "=");
}

void read_pairs(
    const LogicalLine& line, std::string_view rest, char escape, Instruction& instruction) {
    const std::vector<Word> words = QuotedWords(line, rest, escape).read();
    if (words.empty()) {
        return;
    }
    if (words.front().text.find('=') != std::string::npos) {
        for (const Word& word : words) {
            add_assignment(instruction, word);
        }
        return;
    }
    const auto blank = std::find_if(rest.begin(), rest.end(), is_separator);
    const auto value = std::find_if_not(blank, rest.end(), is_separator);
    if (blank == rest.end()) {
        refuse_at(
            words.front().range.begin,
            fmt::format("{} must have two arguments", instruction.written.text),
            "write name=value");
    }
    const auto offset = [&](auto at) { return static_cast<std::size_t>(at - rest.begin()); };
    add_pair(
        instruction, line.word(rest.substr(0, offset(blank))),
        line.word(rest.substr(offset(value))), "");
}

/// The strings of a JSON array, if `rest` is one.
bool read_json(const LogicalLine& line, std::string_view rest, Instruction& instruction) {
    try {
        const auto words = parse_json_words(rest);
        if (!words) {
            return false;
        }
        for (const JsonWord& word : *words) {
            instruction.words.push_back({word.text, line.range(word.part)});
        }
        instruction.form = Form::json;
        return true;
    } catch (Error& error) {
        const Range range = line.range(rest);
        error.at({"", range.begin.line, range.begin.column});
        throw;
    }
}

void read_json_or_text(const LogicalLine& line, std::string_view rest, Instruction& instruction) {
    if (!rest.empty() && !read_json(line, rest, instruction)) {
        instruction.words.push_back(line.word(rest));
    }
}

void read_health_check(const LogicalLine& line, std::string_view rest, Instruction& instruction) {
    const auto end = std::find_if(
        rest.begin(), rest.end(), [](char c) { return space_width(std::string_view(&c, 1)) != 0; });
    const auto size = static_cast<std::size_t>(end - rest.begin());
    if (size > 0) {
        instruction.words.push_back(line.word(rest.substr(0, size)));
        read_json_or_text(line, trim_left(rest.substr(size)), instruction);
    }
}

bool is_one_of(std::string_view keyword, std::initializer_list<std::string_view> keywords) {
    return std::find(keywords.begin(), keywords.end(), keyword) != keywords.end();
}

void read_arguments(
    const LogicalLine& line, std::string_view rest, char escape, Instruction& instruction) {
    const std::string& keyword = instruction.keyword;
    if (is_one_of(keyword, {"run", "cmd", "entrypoint", "shell"})) {
        read_json_or_text(line, rest, instruction);
    } else if (is_one_of(keyword, {"add", "copy", "volume"})) {
        if (!read_json(line, rest, instruction)) {
            instruction.words = words_at_separators(line, rest);
        }
    } else if (is_one_of(keyword, {"from", "expose"})) {
        instruction.words = words_at_separators(line, rest);
    } else if (is_one_of(keyword, {"env", "label"})) {
        read_pairs(line, rest, escape, instruction);
    } else if (keyword == "arg") {
        instruction.words = QuotedWords(line, rest, escape).read();
    } else if (keyword == "healthcheck") {
        read_health_check(line, rest, instruction);
    } else if (keyword == "onbuild") {
        if (!rest.empty()) {
            instruction.trigger.push_back(parse_part(line, rest, escape, Nesting::in_onbuild));
        }
    } else if (!rest.empty()) {
        instruction.words.push_back(line.word(rest));
    }
}

Instruction
parse_part(const LogicalLine& line, std::string_view part, char escape, Nesting nesting) {
    part = trim_both(part);
    const auto end = std::find_if(part.begin(), part.end(), is_separator);
    const auto size = static_cast<std::size_t>(end - part.begin());
    Instruction instruction{
        .keyword = to_lower(part.substr(0, size)), .written = line.word(part.substr(0, size))};
    if (nesting == Nesting::in_onbuild && instruction.keyword == "onbuild") {
        refuse_at(
            instruction.written.range.begin, "ONBUILD cannot hold another ONBUILD",
            "take one of them away");
    }
    const std::string_view rest =
        trim_both(FlagReader(line, part.substr(size)).read(instruction.flags));
    instruction.rest = line.word(rest);
    read_arguments(line, rest, escape, instruction);
    return instruction;
}

} // namespace

Instruction parse_instruction(const LogicalLine& line, char escape) {
    return parse_part(line, line.text(), escape, Nesting::none);
}

} // namespace pare::dockerfile
