// SPDX-License-Identifier: Apache-2.0
// From requests and a universe of packages to a set that meets all of them, in apt's order of
// choice: real package before virtual providers, highest version, alternatives left to right.
// Conflict-driven clause learning, so that no request takes exponential time and a refusal has a
// chain of reasons. Knows no package format.
#pragma once

#include "package/universe.hh"

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace pare::solve {

/// What a definition asks for.
struct Request {
    package::Relation relation{}; ///< `libpq5`, `libpq5 (>= 15)`
    std::string suite{};          ///< `name/suite`: only candidates of that suite; empty: any
};

/// Says whether a dependency is to be left out (a script alone needs it); gives the reason, or
/// nothing to follow it.
using Omit = std::function<std::optional<std::string>(
    const package::Package& package, const package::Alternatives& dependency)>;

struct Problem {
    std::vector<Request> requests{};
    std::vector<package::Relation>
        forbidden{}; ///< `!name`: never chosen; dependencies on it are waived
    std::vector<package::CandidateId>
        installed{}; ///< of the parent image: there already, not questioned
    Omit omit{};     ///< may be empty
};

/// Why a package is in the solution.
struct Reason {
    std::optional<package::CandidateId> by{}; ///< the package that needs it; nothing: asked for
    std::string relation{};                   ///< the request or dependency in words
};

struct Chosen {
    package::CandidateId id{};
    Reason reason{};
};

struct Omitted {
    package::CandidateId by{};
    std::string relation{};
    std::string why{};
};

struct Solution {
    std::vector<Chosen> packages{}; ///< without the installed ones; in the order of choice
    std::vector<Omitted> omitted{}; ///< dependencies left out
};

/// No set exists. `chain` is the shortest chain of reasons, a sentence each, in apt's words:
/// `libfoo1 depends on libbar2 (>= 2)`, `but libbar2 is not in any repository`.
struct Conflict {
    std::vector<std::string> chain{};
    std::vector<std::string> hints{}; ///< e.g. names near to one that does not exist
};

using Result = std::variant<Solution, Conflict>;

/// Deterministic. Throws only ErrorKind::interrupted and ErrorKind::bug.
[[nodiscard]] Result
solve(const package::Universe& universe, const Problem& problem, const std::stop_token& stop = {});

} // namespace pare::solve
