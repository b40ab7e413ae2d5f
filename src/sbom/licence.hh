// SPDX-License-Identifier: Apache-2.0
// Licences as SPDX names them (SPDX 2.3, annex D). What others wrote is brought into that form;
// what has no name in the SPDX list gets a reference of its own, which goes with its text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::sbom {

/// The text that a `LicenseRef-` name of an expression stands for.
struct LicenceText {
    std::string id{};   ///< `LicenseRef-...`
    std::string name{}; ///< as its author called it
    std::string text{};

    bool operator==(const LicenceText&) const = default;
};

struct Licences {
    std::string expression{};         ///< empty: nothing is known
    std::vector<LicenceText> texts{}; ///< of all references in the expression
    std::string copyright{};          ///< who holds it, a line each; empty when unknown

    bool operator==(const Licences&) const = default;
};

/// The name as the SPDX list spells it, found without regard to case; empty when it is not there.
[[nodiscard]] std::string_view known_licence(std::string_view name);
/// Likewise for exceptions, which stand behind WITH.
[[nodiscard]] std::string_view known_exception(std::string_view name);

/// A reference for a text; equal names and texts give equal references, different ones different.
[[nodiscard]] LicenceText refer_to(std::string_view name, std::string_view text);

/// The text as an expression of names of the SPDX list, when it is one; nothing otherwise. Names
/// that the list withdrew (`GPL-2.0+`) are replaced.
[[nodiscard]] std::optional<std::string> spdx_expression(std::string_view text);
/// What a package says in one line: an expression, or a reference to these very words.
[[nodiscard]] Licences declared_licence(std::string_view text);

/// The name by which SPDX knows what Debian calls `name` in machine-readable copyright files, like
/// `GPL-2+` or `Expat`; empty when there is none.
[[nodiscard]] std::string spdx_name_of_debian(std::string_view name);

/// The expressions joined by ` AND ` or ` OR `; each that is itself composed stands in brackets.
[[nodiscard]] std::string
join_expressions(const std::vector<std::string>& expressions, std::string_view word);

} // namespace pare::sbom
