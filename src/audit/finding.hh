// SPDX-License-Identifier: Apache-2.0
// What an audit finds: in a Dockerfile, or in an image.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pare::audit {

enum class Severity {
    note,    ///< better otherwise
    warning, ///< a risk, or not what was meant
    error,   ///< cannot be built or does not start
};

/// `note`, `warning`, `error`.
[[nodiscard]] std::string_view severity_name(Severity severity);
[[nodiscard]] std::optional<Severity> parse_severity(std::string_view name);

struct Rule {
    std::string_view id{}; ///< in kebab case; also the name of its page in docs/rules/
    Severity severity = Severity::warning;
    std::string_view what{}; ///< is found
    std::string_view why{};
    std::string_view mend{};
};

/// A part of a text file, or a path inside of an image (then without lines).
struct Place {
    std::string file{};
    std::size_t line = 0; ///< from 1; 0: the whole file
    std::size_t column = 0;
    std::size_t end_line = 0;
    std::size_t end_column = 0; ///< behind the last character

    auto operator<=>(const Place&) const = default;
};

/// A mechanical change of the text at `place`.
struct Fix {
    Place place{};
    std::string replacement{};

    bool operator==(const Fix&) const = default;
};

struct Finding {
    const Rule* rule = nullptr; ///< never null
    Place place{};
    std::string message{}; ///< one line, about this very place
    std::optional<Fix> fix{};
};

} // namespace pare::audit
