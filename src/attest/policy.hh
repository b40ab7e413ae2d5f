// SPDX-License-Identifier: Apache-2.0
// Policies: who must have signed what, for the images of which repositories.
#pragma once

#include "attest/verify.hh"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::attest {

/// For the images of some repositories; all of `requirements` must be met.
struct Rule {
    std::vector<std::string> repositories{}; ///< patterns, as glob_matches() has them
    std::vector<Requirement> requirements{};
};

struct Policy {
    std::vector<Rule> rules{};
    std::optional<TrustedRoot> root{};
};

/// Gives the bytes of a file that the policy names.
using ReadFile = std::function<Bytes(const std::string& path)>;

/// Throws ErrorKind::definition with the place, and what reading the files throws.
[[nodiscard]] Policy
parse_policy(std::string_view text, const std::string& name, const ReadFile& read_file);

/// The first rule for that repository. Throws ErrorKind::refused when there is none.
[[nodiscard]] const Rule& find_rule(const Policy& policy, const std::string& repository);

} // namespace pare::attest
