// SPDX-License-Identifier: Apache-2.0
// deb822 (deb822(5), Debian policy 5.1): paragraphs of `Field: value`, continued by indented lines.
#pragma once

#include "package/package.hh"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pare::deb {

/// One paragraph; views into the text it was parsed from. Field names compare without case.
class Paragraph {
public:
    /// Line (from 1) where the paragraph begins.
    std::size_t line = 0;
    std::vector<std::pair<std::string_view, std::string_view>> fields{};
    /// Holds the values that a comment line interrupted; the other views go into the text.
    std::vector<std::shared_ptr<const std::string>> owned{};

    /// The value with the white space around it cut, continuation lines as they stand; empty view
    /// when the field is absent.
    [[nodiscard]] std::string_view value(std::string_view field) const;
    [[nodiscard]] bool has(std::string_view field) const;
};

/// All paragraphs; comment lines (`#`) are skipped. Throws ErrorKind::refused with line for a line
/// that is neither field nor continuation, a duplicate field, or a NUL byte.
[[nodiscard]] std::vector<Paragraph> parse_control(std::string_view text, const std::string& name);

/// `a (>= 1) | b:any, c [amd64] <!nocheck>`: architecture restrictions are applied for
/// `architecture`, build profiles are refused (binary packages have none). Throws
/// ErrorKind::refused.
[[nodiscard]] std::vector<package::Alternatives>
parse_relations(std::string_view text, std::string_view architecture, const std::string& name);

} // namespace pare::deb
