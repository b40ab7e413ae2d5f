// SPDX-License-Identifier: Apache-2.0
// The door of the room: a search, and when it fails, the reasons.
#include "solve/solve.hh"

#include "solve/conflict.hh"
#include "solve/search.hh"

namespace pare::solve {

Result
solve(const package::Universe& universe, const Problem& problem, const std::stop_token& stop) {
    Search search(universe, problem, stop);
    if (search.run()) {
        return search.solution();
    }
    return explain_conflict(universe, problem, stop);
}

} // namespace pare::solve
