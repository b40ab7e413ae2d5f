// SPDX-License-Identifier: Apache-2.0
// One pass over a Packages file: where its paragraphs are, and the few fields by which they are
// found. All else is left to parse_control(), for the paragraphs that are asked for.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pare::deb {

/// Views into the text; values without the white space around them.
struct Stanza {
    std::string_view text{}; ///< the whole paragraph
    std::string_view package{};
    std::string_view version{};
    std::string_view architecture{};
    std::string_view provides{}; ///< with its line ends
    bool is_multi_arch_allowed = false;
};

class StanzaScanner {
public:
    /// `name` is for messages; both must outlive the scanner.
    StanzaScanner(std::string_view text, const std::string& name) : text_(text), name_(name) {}

    /// The next paragraph, or null at the end. Throws ErrorKind::refused with the line for one
    /// without Package, Version or Architecture, or with one of these twice.
    const Stanza* next();

private:
    enum class Line { blank, continuation, field };

    [[nodiscard]] std::string_view take_line();
    [[nodiscard]] Line classify(std::string_view line) const;
    void take_field(std::string_view line);
    void set_once(std::string_view& value, std::string_view line, std::size_t prefix);
    void check() const;
    [[noreturn]] void
    refuse(std::string_view place, const std::string& what, const std::string& hint) const;

    std::string_view text_;
    const std::string& name_;
    std::size_t position_ = 0;
    Stanza stanza_;
    std::string_view* folded_ = nullptr; ///< the value that continuation lines belong to
};

} // namespace pare::deb
