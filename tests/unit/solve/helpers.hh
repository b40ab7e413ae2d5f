// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "solve/solve.hh"
#include "support/fake_universe.hh"
#include "support/text.hh"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace pare::test {

/// `a, b (>= 2), c/backports`.
inline std::vector<solve::Request> requests(std::string_view text) {
    std::vector<solve::Request> all;
    for (const std::string_view piece : split(text, ',')) {
        const std::size_t slash = piece.find('/');
        all.push_back(
            {.relation = parse_relation(trim(piece.substr(0, slash))),
             .suite = slash == std::string_view::npos
                          ? ""
                          : std::string(trim(piece.substr(slash + 1)))});
    }
    return all;
}

inline solve::Solution
expect_solution(const package::Universe& universe, const solve::Problem& problem) {
    const solve::Result result = solve::solve(universe, problem);
    if (const auto* conflict = std::get_if<solve::Conflict>(&result)) {
        FAIL("no solution: " << join(conflict->chain, "; "));
    }
    return std::get<solve::Solution>(result);
}

inline solve::Conflict
expect_conflict(const package::Universe& universe, const solve::Problem& problem) {
    const solve::Result result = solve::solve(universe, problem);
    REQUIRE(std::holds_alternative<solve::Conflict>(result));
    return std::get<solve::Conflict>(result);
}

/// `a 1, b 2` in the order of choice.
inline std::string words(const package::Universe& universe, const solve::Solution& solution) {
    std::vector<std::string> names;
    for (const solve::Chosen& chosen : solution.packages) {
        const package::Package& package = universe.candidate(chosen.id);
        names.push_back(package.name + " " + package.version);
    }
    return join(names, ", ");
}

/// What is chosen for the requests, in the order of choice.
inline std::string chosen(std::string_view universe_text, std::string_view request_text) {
    const FakeUniverse universe(universe_text);
    return words(universe, expect_solution(universe, {.requests = requests(request_text)}));
}

/// The chain of reasons against the requests, a line each.
inline std::string refused(std::string_view universe_text, std::string_view request_text) {
    const FakeUniverse universe(universe_text);
    return join(expect_conflict(universe, {.requests = requests(request_text)}).chain, "\n");
}

} // namespace pare::test
