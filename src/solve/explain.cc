// SPDX-License-Identifier: Apache-2.0
// Problem: the walk notes who asked for a package first, which is seldom the nearest to what the
// user asked for. The dependencies among the chosen packages are searched breadth first instead.
#include "solve/explain.hh"

#include "solve/candidates.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace pare::solve {
namespace {

using package::CandidateId;
using package::Package;

std::uint32_t index_of(CandidateId id) {
    return static_cast<std::uint32_t>(id);
}

/// One dependency group of a chosen package.
struct Need {
    CandidateId by{};
    const package::Alternatives* group = nullptr;
    const char* verb = "";

    [[nodiscard]] std::string words(const package::Universe& universe) const {
        return fmt::format(
            "{} {} {}", universe.candidate(by).name, verb, package::to_string(*group));
    }
};

/// A solution with the look-ups that both questions need.
class Chosens {
public:
    Chosens(const package::Universe& universe, const Solution& solution)
        : universe_(universe), solution_(solution) {
        for (const Chosen& chosen : solution.packages) {
            chosen_.insert(index_of(chosen.id));
        }
        for (const Omitted& omitted : solution.omitted) {
            omitted_.emplace(index_of(omitted.by), omitted.relation);
        }
    }

    [[nodiscard]] std::optional<CandidateId> named(std::string_view name) const {
        for (const Chosen& chosen : solution_.packages) {
            if (universe_.candidate(chosen.id).name == name) {
                return chosen.id;
            }
        }
        return {};
    }

    /// What a candidate needs and was not left out.
    [[nodiscard]] std::vector<Need> needs(CandidateId id) const {
        std::vector<Need> needs;
        const Package& package = universe_.candidate(id);
        for (const auto& [groups, verb] :
             {std::pair(&package.pre_depends, "pre-depends on"),
              std::pair(&package.depends, "depends on")}) {
            for (const package::Alternatives& group : *groups) {
                if (!omitted_.contains({index_of(id), package::to_string(group)})) {
                    needs.push_back({.by = id, .group = &group, .verb = verb});
                }
            }
        }
        return needs;
    }

    /// The chosen packages that meet a group, the preferred one first.
    [[nodiscard]] std::vector<CandidateId> met_by(const package::Alternatives& group) const {
        std::vector<CandidateId> met = candidates_for(universe_, group);
        std::erase_if(met, [this](CandidateId id) { return !chosen_.contains(index_of(id)); });
        return met;
    }

private:
    const package::Universe& universe_;
    const Solution& solution_;
    std::set<std::uint32_t> chosen_;
    std::set<std::pair<std::uint32_t, std::string>> omitted_;
};

/// The first step of each chosen package on its way back to a request, by candidate; a need of
/// nobody for those that were asked for.
std::unordered_map<std::uint32_t, Need>
shortest_ways(const Solution& solution, const Chosens& chosens) {
    std::unordered_map<std::uint32_t, Need> ways;
    std::vector<CandidateId> queue;
    for (const Chosen& chosen : solution.packages) {
        if (!chosen.reason.by) {
            ways.emplace(index_of(chosen.id), Need{});
            queue.push_back(chosen.id);
        }
    }
    for (std::size_t i = 0; i < queue.size(); ++i) {
        for (const Need& need : chosens.needs(queue[i])) {
            for (const CandidateId id : chosens.met_by(*need.group)) {
                if (ways.emplace(index_of(id), need).second) {
                    queue.push_back(id);
                }
            }
        }
    }
    return ways;
}

/// Whether a group names a package, or something that it provides.
bool mentions(
    const package::Universe& universe, const package::Alternatives& group, std::string_view name) {
    const auto& candidates = universe.named(name);
    return std::ranges::any_of(group, [&](const package::Relation& relation) {
        return relation.name == name || std::ranges::any_of(candidates, [&](CandidateId id) {
                   return meets(universe, relation, id);
               });
    });
}

} // namespace

std::vector<std::string>
why(const package::Universe& universe, const Solution& solution, std::string_view name) {
    const Chosens chosens(universe, solution);
    const std::optional<CandidateId> found = chosens.named(name);
    if (!found) {
        return {};
    }
    const auto ways = shortest_ways(solution, chosens);
    std::vector<std::string> chain;
    CandidateId at = *found;
    for (Need need = ways.at(index_of(at)); need.group != nullptr; need = ways.at(index_of(at))) {
        std::string words = need.words(universe);
        const std::string& met_by = universe.candidate(at).name;
        if (need.group->size() > 1 || need.group->front().name != met_by) {
            words += fmt::format(": {}", met_by);
        }
        chain.push_back(std::move(words));
        at = need.by;
    }
    const auto request = std::ranges::find(solution.packages, at, &Chosen::id);
    chain.push_back("asked for: " + request->reason.relation);
    std::ranges::reverse(chain);
    return chain;
}

std::vector<std::string>
why_not(const package::Universe& universe, const Solution& solution, std::string_view name) {
    const Chosens chosens(universe, solution);
    if (chosens.named(name)) {
        return {};
    }
    std::vector<std::string> sentences;
    if (universe.named(name).empty() && universe.providers(name).empty()) {
        sentences.push_back(fmt::format("{} is not in any repository", name));
        const std::vector<std::string> similar = universe.similar(name);
        if (!similar.empty()) {
            sentences.push_back(fmt::format("names like it: {}", join(similar, ", ")));
        }
    }
    for (const Omitted& omitted : solution.omitted) {
        const Package& by = universe.candidate(omitted.by);
        for (const auto* groups : {&by.pre_depends, &by.depends}) {
            for (const package::Alternatives& group : *groups) {
                if (package::to_string(group) == omitted.relation &&
                    mentions(universe, group, name)) {
                    sentences.push_back(fmt::format(
                        "{} depends on {}, left out: {}", by.name, omitted.relation, omitted.why));
                }
            }
        }
    }
    for (const Chosen& chosen : solution.packages) {
        for (const Need& need : chosens.needs(chosen.id)) {
            const std::vector<CandidateId> met = chosens.met_by(*need.group);
            if (!met.empty() && mentions(universe, *need.group, name)) {
                sentences.push_back(fmt::format(
                    "{}, which {} meets", need.words(universe),
                    universe.candidate(met.front()).name));
            }
        }
    }
    if (sentences.empty()) {
        sentences.push_back(fmt::format("nothing that was asked for needs {}", name));
    }
    return sentences;
}

} // namespace pare::solve
