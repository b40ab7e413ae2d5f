// SPDX-License-Identifier: Apache-2.0
// What a relation means in a universe: who meets it, best first, in apt's order of choice.
#pragma once

#include "package/universe.hh"
#include "solve/solve.hh"

#include <string_view>
#include <vector>

namespace pare::solve {

/// Whether the candidate meets the relation, by its own name or by a name that it provides. A
/// relation with a version is met only by a Provides with a version.
[[nodiscard]] bool meets(
    const package::Universe& universe, const package::Relation& relation, package::CandidateId id);

/// Real packages, highest version first; then providers by Essential, Priority and index order.
[[nodiscard]] std::vector<package::CandidateId>
candidates_for(const package::Universe& universe, const package::Relation& relation);
/// Those that meet a request; providers only when no real package has the name.
[[nodiscard]] std::vector<package::CandidateId>
candidates_for(const package::Universe& universe, const Request& request);
/// The alternatives from left to right, nobody twice.
[[nodiscard]] std::vector<package::CandidateId>
candidates_for(const package::Universe& universe, const package::Alternatives& alternatives);
/// Whom a relation of Conflicts or Breaks means, apart from other versions of `by` itself.
[[nodiscard]] std::vector<package::CandidateId> excluded_by(
    const package::Universe& universe, const package::Relation& relation,
    const package::Package& by);

/// `libpq5 (>= 15)`, `nginx/trixie-backports`.
[[nodiscard]] std::string to_string(const Request& request);

} // namespace pare::solve
