// SPDX-License-Identifier: Apache-2.0
// Problem: facts that contradict each other are a set; a reader needs them as a story that starts
// at what was asked for, follows the dependencies, and ends at the contradiction, in apt's words.
#include "solve/conflict.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <set>

namespace pare::solve {
namespace {

using package::CandidateId;
using package::Operator;
using package::Package;
using package::Relation;

/// A longer story helps nobody.
constexpr std::size_t kSentences = 24;
/// How many packages one sentence lists.
constexpr std::size_t kListed = 3;

std::string list_up(const std::vector<std::string>& names) {
    const std::size_t shown = std::min(names.size(), kListed);
    std::string text = join(std::span(names).first(shown), ", ");
    return names.size() == shown ? text : text + fmt::format(" and {} more", names.size() - shown);
}

class Story {
public:
    Story(const package::Universe& universe, const Search& search, std::vector<Fact> core)
        : universe_(universe), search_(search), core_(std::move(core)) {}

    Conflict tell();

private:
    [[nodiscard]] const Package& package_of(Variable variable) const {
        return universe_.candidate(search_.candidate(variable));
    }

    /// With the version where the name alone could mean another one.
    [[nodiscard]] std::string name_of(Variable variable) const;
    [[nodiscard]] std::vector<const Fact*> needs_of(Variable by) const;
    [[nodiscard]] std::vector<Variable> options_of(const Fact& need) const;
    void say(std::string sentence);
    void follow(const Fact& fact);
    void explain_absence(const Relation& relation, const Request* request);
    [[nodiscard]] std::string absence(const Relation& relation, const Request* request);
    [[nodiscard]] std::string absence_of_real(const Relation& relation, const Request* request);
    void tell_conflict(const Fact& fact);
    void tell_same_name(const Fact& fact);

    const package::Universe& universe_;
    const Search& search_;
    std::vector<Fact> core_;
    Conflict told_;
    std::set<std::string> said_;
};

std::string Story::name_of(Variable variable) const {
    const Package& package = package_of(variable);
    return universe_.named(package.name).size() < 2 ? package.name
                                                    : package.name + " " + package.version;
}

void Story::say(std::string sentence) {
    if (said_.insert(sentence).second) {
        told_.chain.push_back(std::move(sentence));
    }
}

/// What needs something: requests, and dependencies of `by`; the last first, for a stack.
std::vector<const Fact*> Story::needs_of(Variable by) const {
    std::vector<const Fact*> needs;
    for (const Fact& fact : core_) {
        const bool is_need = fact.kind == FactKind::asked || fact.kind == FactKind::dependency;
        if (is_need && fact.by == by) {
            needs.push_back(&fact);
        }
    }
    std::ranges::reverse(needs);
    return needs;
}

/// Who could meet a need; the best last, for a stack.
std::vector<Variable> Story::options_of(const Fact& need) const {
    const auto ordered = need.request ? candidates_for(universe_, *need.request)
                                      : candidates_for(universe_, *need.group);
    std::vector<Variable> options;
    for (const Literal literal : search_.sat().literals(need.clause)) {
        if (literal.is_positive() && search_.is_candidate(literal.variable())) {
            options.push_back(literal.variable());
        }
    }
    std::ranges::sort(options, std::ranges::greater(), [&](Variable option) {
        return std::ranges::find(ordered, search_.candidate(option)) - ordered.begin();
    });
    return options;
}

Conflict Story::tell() {
    // Depth first from the requests, with a stack of our own: a chain can be long.
    std::vector<const Fact*> open = needs_of(Search::kRoot);
    std::set<Variable> seen;
    while (!open.empty()) {
        const Fact& need = *open.back();
        open.pop_back();
        follow(need);
        for (const Variable option : options_of(need)) {
            if (seen.insert(option).second) {
                std::ranges::copy(needs_of(option), std::back_inserter(open));
            }
        }
    }
    for (const Fact& fact : core_) {
        if (fact.kind == FactKind::conflict) {
            tell_conflict(fact);
        } else if (fact.kind == FactKind::same_name) {
            tell_same_name(fact);
        }
    }
    if (told_.chain.size() > kSentences) {
        const std::size_t more = told_.chain.size() - kSentences;
        told_.chain.resize(kSentences);
        told_.chain.push_back(fmt::format("and {} reasons more", more));
    }
    return std::move(told_);
}

void Story::follow(const Fact& fact) {
    if (fact.request) {
        say("you asked for " + to_string(*fact.request));
        explain_absence(fact.request->relation, fact.request);
        return;
    }
    say(fmt::format("{} {} {}", name_of(fact.by), fact.verb, package::to_string(*fact.group)));
    for (const Relation& relation : *fact.group) {
        explain_absence(relation, nullptr);
    }
}

void Story::explain_absence(const Relation& relation, const Request* request) {
    const std::string why = absence(relation, request);
    if (!why.empty()) {
        say("but " + why);
    }
}

/// Why nothing meets the relation; empty when something does.
std::string Story::absence(const Relation& relation, const Request* request) {
    const auto met =
        request ? candidates_for(universe_, *request) : candidates_for(universe_, relation);
    if (!met.empty()) {
        const bool is_excluded = request && std::ranges::all_of(met, [this](CandidateId id) {
                                     return search_.is_forbidden(id);
                                 });
        return is_excluded ? fmt::format("the definition excludes {}", relation.name) : "";
    }
    if (!universe_.named(relation.name).empty()) {
        return absence_of_real(relation, request);
    }
    std::vector<std::string> providers;
    for (const CandidateId id : universe_.providers(relation.name)) {
        providers.push_back(universe_.candidate(id).name);
    }
    if (!providers.empty()) {
        return fmt::format(
            "{} is a virtual package that nothing provides in such a version ({} without)",
            relation.name, list_up(providers));
    }
    const std::vector<std::string> similar = universe_.similar(relation.name);
    if (!similar.empty()) {
        told_.hints.push_back(fmt::format("names like {}: {}", relation.name, list_up(similar)));
    }
    return fmt::format("{} is not in any repository", relation.name);
}

std::string Story::absence_of_real(const Relation& relation, const Request* request) {
    std::vector<std::string> versions;
    for (const CandidateId id : universe_.named(relation.name)) {
        const Package& package = universe_.candidate(id);
        versions.push_back(
            package.suite.empty()
                ? fmt::format("{} {}", package.name, package.version)
                : fmt::format("{} {} ({})", package.name, package.version, package.suite));
    }
    if (request && !request->suite.empty()) {
        return fmt::format(
            "{} does not have it, the archive has {}", request->suite, list_up(versions));
    }
    if (!relation.qualifier.empty() && relation.op == Operator::any) {
        return fmt::format("the archive has {} for no such architecture", list_up({relation.name}));
    }
    return fmt::format("the archive has {}", list_up(versions));
}

void Story::tell_conflict(const Fact& fact) {
    const Package& by = package_of(fact.by);
    const Package& other = package_of(fact.other);
    std::string text = fmt::format(
        "but {} and {} conflict: {} {} {} {}", by.name, other.name, by.name, by.version, fact.verb,
        package::to_string(*fact.relation));
    if (fact.relation->name != other.name) {
        text += fmt::format(", which {} provides", other.name);
    } else if (fact.relation->op != Operator::any) {
        text += fmt::format(", and {} is {}", other.name, other.version);
    }
    for (const Variable variable : {fact.by, fact.other}) {
        if (search_.is_installed(variable)) {
            say("the base image has " + package_of(variable).name + " " +
                package_of(variable).version);
        }
    }
    say(std::move(text));
}

void Story::tell_same_name(const Fact& fact) {
    const Package& by = package_of(fact.by);
    const Package& other = package_of(fact.other);
    if (search_.is_installed(fact.by) || search_.is_installed(fact.other)) {
        const Package& there = search_.is_installed(fact.by) ? by : other;
        say(fmt::format("but the base image has {} {}", there.name, there.version));
        return;
    }
    say(fmt::format("but there can be only one {}: {} or {}", by.name, by.version, other.version));
}

} // namespace

Conflict
put_into_words(const package::Universe& universe, const Search& search, std::vector<Fact> core) {
    return Story(universe, search, std::move(core)).tell();
}

} // namespace pare::solve
