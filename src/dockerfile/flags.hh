// SPDX-License-Identifier: Apache-2.0
// The flags of an instruction, checked against those that it has.
#pragma once

#include "dockerfile/document.hh"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::dockerfile {

/// Throws ErrorKind::definition for what is wrong with `instruction`, at `word`.
[[noreturn]] void
refuse_word(const std::string& file, const Word& word, std::string message, std::string hint);

class Flags {
public:
    /// Throws ErrorKind::definition for a flag that the instruction does not have or has twice, and
    /// for one without the value that it needs.
    Flags(const Instruction& instruction, const std::string& file);

    [[nodiscard]] std::optional<Word> find(std::string_view name) const;
    [[nodiscard]] std::vector<Word> all(std::string_view name) const;
    [[nodiscard]] bool is_true(std::string_view name) const;

private:
    struct Given {
        std::string name;
        Word value;
    };

    std::vector<Given> given_;
};

} // namespace pare::dockerfile
