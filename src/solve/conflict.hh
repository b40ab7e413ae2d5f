// SPDX-License-Identifier: Apache-2.0
// Why no solution exists, in as few sentences as possible.
#pragma once

#include "solve/search.hh"
#include "solve/solve.hh"

#include <stop_token>
#include <vector>

namespace pare::solve {

/// For a problem that has no solution.
[[nodiscard]] Conflict explain_conflict(
    const package::Universe& universe, const Problem& problem, const std::stop_token& stop);

/// The sentences for facts of `search` that contradict each other.
[[nodiscard]] Conflict
put_into_words(const package::Universe& universe, const Search& search, std::vector<Fact> core);

} // namespace pare::solve
