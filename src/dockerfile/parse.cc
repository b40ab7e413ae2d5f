// SPDX-License-Identifier: Apache-2.0
// The lines of a Dockerfile:
//
//   file      = [BOM] *directive *(comment / blank / instruction)
//   directive = "#" name "=" value            before anything else; escape, syntax or check, once
//                                             each
//   comment   = blanks "#" text               also between continued lines
//   continued = text escape blanks LF line    not behind two escape characters
//   heredoc   = lines up to the one that is its name
//
// Dockerfile reference, "Format" and "Parser directives"; where it is silent, BuildKit's parser
// decides. Refused: NUL bytes, files over 4 MiB, lines over 64 KiB, logical lines over 1 MiB, open
// here-documents, files without instruction.
#include "dockerfile/parse.hh"

#include "dockerfile/arguments.hh"
#include "dockerfile/heredoc.hh"
#include "dockerfile/line.hh"
#include "support/error.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

namespace pare::dockerfile {

namespace {

constexpr std::size_t kMaxFile = 4U << 20U;
constexpr std::size_t kMaxLine = (64U << 10U) - 1;
constexpr std::size_t kMaxLogicalLine = 1U << 20U;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// `name=value` behind the `#` of a comment; nothing when it is none.
std::optional<std::pair<std::string, std::string_view>> split_directive(std::string_view comment) {
    const auto end = std::find_if_not(comment.begin(), comment.end(), [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9');
    });
    const auto size = static_cast<std::size_t>(end - comment.begin());
    const std::string_view rest = trim_left(comment.substr(size));
    if (size == 0 || !is_letter(comment.front()) || !rest.starts_with('=')) {
        return std::nullopt;
    }
    const std::string_view value = trim_both(rest.substr(1));
    if (value.empty()) {
        return std::nullopt;
    }
    return std::pair(to_lower(comment.substr(0, size)), value);
}

class Parser {
public:
    Parser(std::string_view text, const std::string& name) : rest_(text) { document_.name = name; }

    Document run() {
        check_file();
        if (rest_.starts_with(kByteOrderMark)) {
            rest_.remove_prefix(kByteOrderMark.size());
        }
        while (!rest_.empty()) {
            const std::string_view line = next_line();
            const std::string_view trimmed = trim_left(trim_line_end(line));
            read_directive(line, trimmed);
            if (trimmed.starts_with('#')) {
                add_comment(line, trimmed);
            } else if (!trimmed.empty()) {
                read_instruction(line, trimmed);
            }
        }
        if (document_.instructions.empty()) {
            refuse(number_, 0, "the Dockerfile has no instructions", "begin with FROM");
        }
        return std::move(document_);
    }

private:
    [[noreturn]] void
    refuse(std::size_t line, std::size_t column, std::string message, std::string hint) const {
        Error error(ErrorKind::definition, std::move(message), std::move(hint));
        error.at({document_.name, line, column});
        throw error;
    }

    void check_file() const {
        if (rest_.size() > kMaxFile) {
            refuse(
                0, 0, "the Dockerfile has more than 4 MiB", "copy large files, do not inline them");
        }
        if (const std::size_t nul = rest_.find('\0'); nul != std::string_view::npos) {
            const auto before = rest_.substr(0, nul);
            refuse(
                1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')), 0,
                "the Dockerfile holds a NUL byte", "it has to be text in UTF-8");
        }
    }

    /// With its line end.
    std::string_view next_line() {
        const std::size_t end = rest_.find('\n');
        const std::string_view line =
            rest_.substr(0, end == std::string_view::npos ? rest_.size() : end + 1);
        rest_.remove_prefix(line.size());
        ++number_;
        if (line.size() > kMaxLine) {
            refuse(
                number_, 0, fmt::format("the line has more than {} bytes", kMaxLine),
                "break it with a backslash at the end");
        }
        return line;
    }

    static Position place_in(std::string_view line, std::string_view part, std::size_t number) {
        LogicalLine whole;
        whole.append(line, line, number);
        const auto begin = static_cast<std::size_t>(part.data() - line.data());
        return whole.range(std::string_view(whole.text()).substr(begin)).begin;
    }

    void add_comment(std::string_view line, std::string_view comment) {
        document_.comments.push_back(
            {.text = std::string(trim_both(comment.substr(1))),
             .place = place_in(line, comment, number_)});
    }

    void read_directive(std::string_view line, std::string_view trimmed) {
        if (directives_end_) {
            return;
        }
        constexpr std::array<std::string_view, 3> kNames = {"check", "escape", "syntax"};
        const auto pair =
            trimmed.starts_with('#') ? split_directive(trim_left(trimmed.substr(1))) : std::nullopt;
        if (!pair || std::find(kNames.begin(), kNames.end(), pair->first) == kNames.end()) {
            directives_end_ = true;
            return;
        }
        const auto& [name, value] = *pair;
        const Position place = place_in(line, value, number_);
        for (const Directive& earlier : document_.directives) {
            if (earlier.name == name) {
                refuse(
                    number_, place.column, fmt::format("the directive {} stands there twice", name),
                    "take one of them away");
            }
        }
        if (name == "escape") {
            if (value != "\\" && value != "`") {
                refuse(
                    number_, place.column,
                    fmt::format("\"{}\" cannot be the escape character", value),
                    "use a backslash or a backtick");
            }
            document_.escape = value.front();
        }
        document_.directives.push_back({name, {std::string(value), {place, place}}});
    }

    /// Adds `piece` without the mark of continuation; whether there is one.
    bool append(LogicalLine& logical, std::string_view line, std::string_view piece) const {
        std::string_view text = piece;
        while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
            text.remove_suffix(1);
        }
        const bool escaped = text.size() > 1 && text[text.size() - 2] == document_.escape;
        const bool continues = text.ends_with(document_.escape) && !escaped;
        logical.append(line, continues ? text.substr(0, text.size() - 1) : piece, number_);
        if (logical.text().size() > kMaxLogicalLine) {
            refuse(number_, 0, "the instruction has more than 1 MiB", "use a file or a heredoc");
        }
        return continues;
    }

    void read_instruction(std::string_view line, std::string_view trimmed) {
        LogicalLine logical;
        std::vector<Position> blank_lines;
        const std::size_t first = number_;
        bool continues = append(logical, line, trimmed);
        while (continues && !rest_.empty()) {
            const std::string_view next = next_line();
            const std::string_view piece = trim_line_end(next);
            const std::string_view text = trim_left(piece);
            if (text.empty()) {
                blank_lines.push_back({number_, 1});
            } else if (text.starts_with('#')) {
                add_comment(next, text);
            } else {
                continues = append(logical, next, piece);
            }
        }
        Instruction instruction = parse_logical(logical, first);
        instruction.blank_lines = std::move(blank_lines);
        read_heredocs(logical, instruction);
        document_.instructions.push_back(std::move(instruction));
    }

    [[nodiscard]] Instruction parse_logical(const LogicalLine& logical, std::size_t first) const {
        try {
            Instruction instruction = parse_instruction(logical, document_.escape);
            instruction.range = {
                instruction.written.range.begin, logical.range(trim_both(logical.text())).end};
            for (Instruction& trigger : instruction.trigger) {
                trigger.range = {trigger.written.range.begin, instruction.range.end};
            }
            return instruction;
        } catch (Error& error) {
            const Where& where = error.where();
            error.at({document_.name, where.line == 0 ? first : where.line, where.column});
            throw;
        }
    }

    void read_heredocs(const LogicalLine& logical, Instruction& instruction) {
        const Instruction& holder =
            instruction.trigger.empty() ? instruction : instruction.trigger.front();
        const bool may_hold =
            holder.keyword == "run" || holder.keyword == "copy" || holder.keyword == "add";
        if (!may_hold || holder.form == Form::json ||
            logical.text().find("<<") == std::string::npos) {
            return;
        }
        std::vector<Heredoc> heredocs;
        try {
            heredocs = heredocs_of(logical.text());
        } catch (Error& error) {
            const Position place = instruction.range.begin;
            error.at({document_.name, place.line, place.column});
            throw;
        }
        for (Heredoc& heredoc : heredocs) {
            read_content(heredoc, instruction.range.begin);
            instruction.range.end = {number_, 1};
            instruction.heredocs.push_back(std::move(heredoc));
        }
        if (!instruction.trigger.empty()) {
            instruction.trigger.front().heredocs = instruction.heredocs;
        }
    }

    void read_content(Heredoc& heredoc, const Position& opened) {
        heredoc.range.begin = {number_ + 1, 1};
        while (!rest_.empty()) {
            const std::string_view line = next_line();
            std::string_view end = trim_line_end(line);
            if (heredoc.strip_tabs) {
                end.remove_prefix(std::min(end.find_first_not_of('\t'), end.size()));
            }
            if (end == heredoc.name) {
                heredoc.range.end = {number_, 1};
                return;
            }
            heredoc.content += line;
        }
        refuse(
            opened.line, opened.column,
            fmt::format("the here-document {} does not end", heredoc.name),
            fmt::format("write {} alone on the line behind its text", heredoc.name));
    }

    std::string_view rest_;
    std::size_t number_ = 0;
    bool directives_end_ = false;
    Document document_;
};

} // namespace

Document parse(std::string_view text, const std::string& name) {
    return Parser(text, name).run();
}

} // namespace pare::dockerfile
