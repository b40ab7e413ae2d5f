// SPDX-License-Identifier: Apache-2.0
// A Dockerfile as its grammar sees it: instructions with their flags, words and here-documents, and
// where each of them stands. What an instruction means is in instruction.hh.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace pare::dockerfile {

/// Counted from 1; columns in characters (code points), as editors and SARIF count them.
struct Position {
    std::size_t line = 0;
    std::size_t column = 0;

    auto operator<=>(const Position&) const = default;
};

/// From the first character to behind the last one.
struct Range {
    Position begin{};
    Position end{};

    bool operator==(const Range&) const = default;
};

struct Word {
    std::string text{};
    Range range{};

    bool operator==(const Word&) const = default;
};

/// `<<EOF` and the lines that belong to it.
struct Heredoc {
    std::string name{};
    std::string content{}; ///< as written: leading tabs are still there
    unsigned descriptor = 0;
    bool expand = true;      ///< no part of the name was quoted
    bool strip_tabs = false; ///< `<<-`
    Range range{};           ///< the lines of the content

    bool operator==(const Heredoc&) const = default;
};

enum class Form {
    plain, ///< words, or a text for a shell
    json,  ///< `["a", "b"]`
};

struct Instruction {
    std::string keyword{}; ///< in lower case
    Word written{};        ///< the keyword as it was written
    std::vector<Word> flags{};
    /// ENV and LABEL: name, value, separator (`=` or nothing) for each pair. RUN, CMD, ENTRYPOINT
    /// and SHELL in plain form: the whole text as one word. HEALTHCHECK: its type, then as CMD.
    std::vector<Word> words{};
    Form form = Form::plain;
    std::vector<Heredoc> heredocs{};
    std::vector<Instruction> trigger{};  ///< of ONBUILD, one at most
    Word rest{};                         ///< all behind the flags, without comments
    Range range{};                       ///< with here-documents
    std::vector<Position> blank_lines{}; ///< between continued lines, where they do not belong
};

struct Directive {
    std::string name{}; ///< `syntax`, `escape`, `check`
    Word value{};
};

struct Comment {
    std::string text{}; ///< without `#` and the space around
    Position place{};
};

struct Document {
    std::string name{}; ///< of the file, for messages
    char escape = '\\';
    std::vector<Directive> directives{};
    std::vector<Comment> comments{}; ///< outside of here-documents, by line
    std::vector<Instruction> instructions{};
};

} // namespace pare::dockerfile
