// SPDX-License-Identifier: Apache-2.0
// Variables while a stage is read, and the expansion of words with them.
#pragma once

#include "dockerfile/model.hh"

#include <cstdint>
#include <set>
#include <string>

namespace pare::dockerfile {

/// Bytes that all variables of a file may take; ErrorKind::definition beyond.
class Budget {
public:
    void spend(std::uint64_t bytes);

private:
    std::uint64_t spent_ = 0;
};

/// What `$name` means at one place: ENV beats ARG.
class Scope {
public:
    Scope(const Document& document, Budget& budget) : document_(document), budget_(budget) {}

    void set_argument(const std::string& name, const std::string& value);
    void set_environment(const std::string& name, const std::string& value);

    /// Expands `word` in place; `unset` gets the variables that came to nothing.
    void expand_word(Word& word, std::vector<Use>& unset) const;
    /// The words that `word` becomes.
    [[nodiscard]] std::vector<Word> expand_words(const Word& word, std::vector<Use>& unset) const;

    [[nodiscard]] const Variables& visible() const { return visible_; }

private:
    [[nodiscard]] Expanded expand_at(const Word& word, std::vector<Use>& unset) const;

    const Document& document_;
    Budget& budget_;
    Variables visible_;
    std::set<std::string> environment_; ///< names that ARG does not change any more
};

} // namespace pare::dockerfile
