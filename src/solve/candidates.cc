// SPDX-License-Identifier: Apache-2.0
// Problem: apt's answer depends on the order in which it tries candidates. The order here is what
// apt's cache iterators and its comparison of providers come to for an empty root: a real package
// before virtual ones; providers by Essential, then Priority, then place in the indexes. Where apt
// falls back to the numbers of its own cache, index order decides.
#include "solve/candidates.hh"

#include <algorithm>
#include <array>
#include <tuple>
#include <unordered_map>

namespace pare::solve {
namespace {

using package::CandidateId;
using package::Operator;
using package::Package;
using package::Relation;
using package::Universe;

bool version_meets(const Universe& universe, std::string_view version, const Relation& relation) {
    const auto order = [&] { return universe.compare(version, relation.version); };
    switch (relation.op) {
    case Operator::any:
        return true;
    case Operator::less:
        return order() < 0;
    case Operator::less_equal:
        return order() <= 0;
    case Operator::equal:
        return order() == 0;
    case Operator::greater_equal:
        return order() >= 0;
    case Operator::greater:
        return order() > 0;
    }
    return false;
}

bool qualifier_meets(const Universe& universe, const Relation& relation, CandidateId id) {
    return relation.qualifier.empty() || universe.qualifier_matches(relation, id);
}

/// Of a candidate that has the relation's name.
bool meets_by_name(const Universe& universe, const Relation& relation, CandidateId id) {
    if (relation.op == Operator::any && relation.qualifier.empty()) {
        return true;
    }
    return qualifier_meets(universe, relation, id) &&
           version_meets(universe, universe.candidate(id).version, relation);
}

bool meets_by_providing(const Universe& universe, const Relation& relation, CandidateId id) {
    const auto meets = [&](const Relation& provided) {
        return provided.name == relation.name &&
               (relation.op == Operator::any ||
                (provided.op == Operator::equal &&
                 version_meets(universe, provided.version, relation)));
    };
    return qualifier_meets(universe, relation, id) &&
           std::ranges::any_of(universe.candidate(id).provides, meets);
}

std::size_t priority_rank(std::string_view priority) {
    constexpr std::array<std::string_view, 5> kPriorities{
        "required", "important", "standard", "optional", "extra"};
    return static_cast<std::size_t>(std::ranges::find(kPriorities, priority) - kPriorities.begin());
}

void append_new(std::vector<CandidateId>& all, const std::vector<CandidateId>& more) {
    for (const CandidateId id : more) {
        if (std::ranges::find(all, id) == all.end()) {
            all.push_back(id);
        }
    }
}

/// All versions of one package that provide something, best first.
struct Provider {
    CandidateId first{}; ///< in index order
    std::vector<CandidateId> versions{};
};

std::vector<CandidateId> versions_best_first(
    const Universe& universe, std::string_view name, std::vector<CandidateId> versions) {
    if (versions.size() < 2) {
        return versions;
    }
    std::vector<CandidateId> sorted;
    std::ranges::copy_if(universe.named(name), std::back_inserter(sorted), [&](CandidateId id) {
        return std::ranges::find(versions, id) != versions.end();
    });
    append_new(sorted, versions);
    return sorted;
}

/// `met`: who provides it, in index order.
std::vector<CandidateId>
order_providers(const Universe& universe, const std::vector<CandidateId>& met) {
    std::vector<Provider> providers;
    std::unordered_map<std::string_view, std::size_t> place;
    for (const CandidateId id : met) {
        const auto [at, is_new] = place.emplace(universe.candidate(id).name, providers.size());
        if (is_new) {
            providers.push_back({.first = id});
        }
        providers[at->second].versions.push_back(id);
    }
    for (Provider& provider : providers) {
        provider.versions = versions_best_first(
            universe, universe.candidate(provider.first).name, std::move(provider.versions));
    }
    const auto rank = [&universe](const Provider& provider) {
        const Package& best = universe.candidate(provider.versions.front());
        return std::tuple(
            best.essential ? 0 : 1, priority_rank(best.priority),
            static_cast<std::uint32_t>(provider.first));
    };
    std::ranges::sort(providers, [&rank](const Provider& left, const Provider& right) {
        return rank(left) < rank(right);
    });
    std::vector<CandidateId> ordered;
    for (const Provider& provider : providers) {
        ordered.insert(ordered.end(), provider.versions.begin(), provider.versions.end());
    }
    return ordered;
}

std::vector<CandidateId> providers_of(const Universe& universe, const Relation& relation) {
    std::vector<CandidateId> met;
    for (const CandidateId id : universe.providers(relation.name)) {
        if (meets_by_providing(universe, relation, id)) {
            met.push_back(id);
        }
    }
    return met.size() < 2 ? met : order_providers(universe, met);
}

std::vector<CandidateId> real_ones(const Universe& universe, const Relation& relation) {
    std::vector<CandidateId> met;
    for (const CandidateId id : universe.named(relation.name)) {
        if (meets_by_name(universe, relation, id)) {
            met.push_back(id);
        }
    }
    return met;
}

} // namespace

bool meets(const Universe& universe, const Relation& relation, CandidateId id) {
    return (universe.candidate(id).name == relation.name &&
            meets_by_name(universe, relation, id)) ||
           meets_by_providing(universe, relation, id);
}

std::vector<CandidateId> candidates_for(const Universe& universe, const Relation& relation) {
    std::vector<CandidateId> all = real_ones(universe, relation);
    append_new(all, providers_of(universe, relation));
    return all;
}

std::vector<CandidateId> candidates_for(const Universe& universe, const Request& request) {
    const auto is_elsewhere = [&](CandidateId id) {
        return !request.suite.empty() && !universe.is_of_suite(id, request.suite);
    };
    std::vector<CandidateId> all = real_ones(universe, request.relation);
    std::erase_if(all, is_elsewhere);
    if (all.empty() && universe.named(request.relation.name).empty()) {
        all = providers_of(universe, request.relation);
        std::erase_if(all, is_elsewhere);
    }
    return all;
}

std::vector<CandidateId>
candidates_for(const Universe& universe, const package::Alternatives& alternatives) {
    if (alternatives.size() == 1) {
        return candidates_for(universe, alternatives.front());
    }
    std::vector<CandidateId> all;
    for (const Relation& relation : alternatives) {
        append_new(all, candidates_for(universe, relation));
    }
    return all;
}

std::vector<CandidateId>
excluded_by(const Universe& universe, const Relation& relation, const Package& by) {
    std::vector<CandidateId> all;
    if (relation.name != by.name) {
        all = real_ones(universe, relation);
    }
    for (const CandidateId id : universe.providers(relation.name)) {
        if (meets_by_providing(universe, relation, id) && universe.candidate(id).name != by.name) {
            append_new(all, {id});
        }
    }
    return all;
}

std::string to_string(const Request& request) {
    const std::string text = package::to_string(request.relation);
    return request.suite.empty() ? text : text + "/" + request.suite;
}

} // namespace pare::solve
