// SPDX-License-Identifier: Apache-2.0
// Why a package is in a solution, or is not.
#pragma once

#include "package/universe.hh"
#include "solve/solve.hh"

#include <string>
#include <string_view>
#include <vector>

namespace pare::solve {

/// The shortest chain from a request to the package: `asked for: nginx`, `nginx depends on libssl3
/// (>= 3.0)`. Empty when the solution does not have it.
[[nodiscard]] std::vector<std::string>
why(const package::Universe& universe, const Solution& solution, std::string_view name);

/// Why the solution does not have the package: which dependencies on it were left out or are met by
/// another package, or that nothing needs it. Empty when the solution has it.
[[nodiscard]] std::vector<std::string>
why_not(const package::Universe& universe, const Solution& solution, std::string_view name);

} // namespace pare::solve
