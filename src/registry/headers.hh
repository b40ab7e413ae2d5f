// SPDX-License-Identifier: Apache-2.0
// Headers of registries, as values: what they ask for and where they go on.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::registry {

/// One challenge of `WWW-Authenticate` (RFC 9110, section 11.6.1): `Bearer
/// realm="...",scope="..."`.
struct Challenge {
    std::string scheme{};                            ///< in lower case
    std::map<std::string, std::string> parameters{}; ///< names in lower case

    bool operator==(const Challenge&) const = default;
    /// The parameter; empty when missing.
    [[nodiscard]] std::string at(const std::string& name) const;
};

/// All challenges of one header; what makes no sense ends the list.
[[nodiscard]] std::vector<Challenge> parse_challenges(std::string_view header);

/// The target of the first link with `rel=next` (RFC 8288); empty when there is none.
[[nodiscard]] std::string next_link(std::string_view header);

/// The end of `Range: 0-END` as registries answer it (no unit, END inclusive): how many bytes they
/// have. Nothing for what is no such range.
[[nodiscard]] std::optional<std::uint64_t> parse_upload_range(std::string_view header);

/// `application/json` of `application/json; charset=utf-8`.
[[nodiscard]] std::string media_type_of(std::string_view header);

} // namespace pare::registry
