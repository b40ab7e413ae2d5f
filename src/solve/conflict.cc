// SPDX-License-Identifier: Apache-2.0
// Problem: a refutation found deep in the archive mentions hundreds of packages when a reason next
// to the request would do. So requests that need not be there are left out first; then the search
// is repeated with dependencies looked at only up to a distance from the requests, nearest first;
// the core of the first search that fails is then made minimal by leaving out one fact after the
// other, the most distant first.
#include "solve/conflict.hh"

#include "support/error.hh"

#include <algorithm>
#include <array>

namespace pare::solve {
namespace {

using package::CandidateId;
using package::Package;

/// Beyond this the trials of one fact after the other would take longer than anyone waits.
constexpr std::size_t kFactsToMinimise = 600;
/// Up to this distance every distance is tried, beyond it each is twice the one before.
constexpr std::size_t kExactDistance = 8;

/// The candidates up to a distance from the requests, grown step by step.
class Reach {
public:
    Reach(const package::Universe& universe, const Problem& problem) : universe_(universe) {
        for (const Request& request : problem.requests) {
            add(candidates_for(universe, request));
        }
    }

    [[nodiscard]] const Horizon& known() const { return known_; }

    [[nodiscard]] bool is_complete() const { return border_.empty(); }

    void grow() {
        for (const CandidateId id : std::exchange(border_, {})) {
            const Package& package = universe_.candidate(id);
            for (const auto* groups : {&package.pre_depends, &package.depends}) {
                for (const package::Alternatives& alternatives : *groups) {
                    add(candidates_for(universe_, alternatives));
                }
            }
        }
    }

private:
    void add(const std::vector<CandidateId>& candidates) {
        for (const CandidateId id : candidates) {
            if (known_.insert(static_cast<std::uint32_t>(id)).second) {
                border_.push_back(id);
            }
        }
    }

    const package::Universe& universe_;
    Horizon known_;
    std::vector<CandidateId> border_;
};

/// Those of the facts that cannot all hold; nothing when they can.
std::optional<std::vector<Fact>>
contradiction(const Search& search, const std::vector<Fact>& facts) {
    Sat sat;
    while (sat.variable_count() < search.sat().variable_count()) {
        sat.add_variable();
    }
    sat.add_clause(std::array{Literal::yes(Search::kRoot)});
    std::vector<Variable> mentioned;
    for (const Fact& fact : facts) {
        const auto literals = search.sat().literals(fact.clause);
        sat.add_clause(literals);
        std::ranges::transform(literals, std::back_inserter(mentioned), &Literal::variable);
    }
    std::size_t next = 0;
    std::uint64_t conflicts = 0;
    while (sat.settle()) {
        // What was passed by is unknown again only after a conflict.
        next = sat.conflicts() == conflicts ? next : 0;
        conflicts = sat.conflicts();
        while (next < mentioned.size() && sat.value(mentioned[next]) != Value::unknown) {
            ++next;
        }
        if (next == mentioned.size()) {
            return {};
        }
        sat.decide(Literal::no(mentioned[next]));
    }
    std::vector<Fact> core;
    for (const ClauseId clause : sat.core()) {
        if (clause != 0) { // the first clause says that the root is true
            core.push_back(facts[clause - 1]);
        }
    }
    return core;
}

/// Leaves out what is not needed for the contradiction, the most distant facts first.
std::vector<Fact> minimise(const Search& search, std::vector<Fact> core) {
    if (core.size() > kFactsToMinimise) {
        return core;
    }
    for (std::size_t i = core.size(); i-- > 0;) {
        std::vector<Fact> rest = core;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
        auto smaller = contradiction(search, rest);
        if (!smaller) {
            continue;
        }
        // All behind this fact are known to be needed; what is left before it is not.
        i -= rest.size() - smaller->size();
        core = std::move(*smaller);
    }
    return core;
}

/// The requests of `problem` that a failed search for it blames, in their order.
std::vector<Request> blamed_requests(const Problem& problem, const Search& search) {
    std::unordered_set<const Request*> blamed;
    for (const Fact& fact : search.core()) {
        blamed.insert(fact.request);
    }
    std::vector<Request> requests;
    std::ranges::copy_if(problem.requests, std::back_inserter(requests), [&](const Request& asked) {
        return blamed.contains(&asked);
    });
    return requests;
}

/// The same problem with no request more than it takes to have no solution; the first ones stay.
Problem with_fewest_requests(
    const package::Universe& universe, const Problem& problem, const std::stop_token& stop) {
    Problem fewest = problem;
    for (std::size_t i = problem.requests.size() + 1; i-- > 0;) {
        Problem trial = fewest;
        // The first round leaves nothing out: it finds whom to blame at all.
        if (i < trial.requests.size()) {
            trial.requests.erase(trial.requests.begin() + static_cast<std::ptrdiff_t>(i));
        }
        Search search(universe, trial, stop);
        if (!search.run()) {
            fewest.requests = blamed_requests(trial, search);
            // All from here on are known to be needed; what else is left out stood before them.
            i -= trial.requests.size() - fewest.requests.size();
        }
    }
    return fewest;
}

} // namespace

Conflict explain_conflict(
    const package::Universe& universe, const Problem& whole, const std::stop_token& stop) {
    const Problem problem = with_fewest_requests(universe, whole, stop);
    Reach reach(universe, problem);
    const Horizon nowhere;
    const Horizon* horizon = &nowhere;
    std::size_t distance = 0;
    for (;;) {
        Search search(universe, problem, stop, horizon);
        if (!search.run()) {
            return put_into_words(universe, search, minimise(search, search.core()));
        }
        ensure(
            horizon != &reach.known() || !reach.is_complete(),
            "a conflict could not be found again");
        const std::size_t steps = distance < kExactDistance ? 1 : distance;
        for (std::size_t i = 0; i < steps && horizon == &reach.known(); ++i) {
            reach.grow();
        }
        horizon = &reach.known();
        distance += steps;
    }
}

} // namespace pare::solve
