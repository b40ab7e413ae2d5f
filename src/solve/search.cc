// SPDX-License-Identifier: Apache-2.0
// Problem: choose what apt would choose, where apt walks depth first and a wrong first choice costs
// it the whole subtree. The walk here goes the same way, and each of its choices is a decision of
// the SAT solver; when that goes back, the walk goes back with it. A group counts as met only by
// what the walk has marked: what must become true later for another reason does not change which
// alternative comes first. The walk's steps are kept so that they can be undone one by one.
//
// The requests are the dependency groups of a root that is true. All of them are marked before any
// is walked, as apt marks all arguments first.
#include "solve/search.hh"

#include "support/error.hh"

#include <algorithm>
#include <array>

namespace pare::solve {
namespace {

using package::CandidateId;
using package::Package;

std::uint32_t index_of(CandidateId id) {
    return static_cast<std::uint32_t>(id);
}

} // namespace

Search::Search(
    const package::Universe& universe, const Problem& problem, std::stop_token stop,
    const Horizon* horizon)
    : universe_(universe), problem_(problem), stop_(std::move(stop)), horizon_(horizon),
      sat_([this](Variable node) { make_clauses(node); }), variable_of_(universe.size(), kRoot) {
    add_node({}); // the root
    for (const package::Relation& relation : problem.forbidden) {
        for (const CandidateId id : candidates_for(universe, Request{.relation = relation})) {
            forbidden_.insert(index_of(id));
        }
    }
}

Variable Search::add_node(Node node) {
    nodes_.push_back(std::move(node));
    return sat_.add_variable();
}

Variable Search::variable_of(CandidateId id) {
    Variable& variable = variable_of_[index_of(id)];
    if (variable == kRoot) {
        variable = add_node({.candidate = id, .is_candidate = true});
    }
    return variable;
}

const Package& Search::package_of(Variable node) const {
    return universe_.candidate(nodes_[node].candidate);
}

bool Search::is_candidate(Variable variable) const {
    return nodes_[variable].is_candidate;
}

CandidateId Search::candidate(Variable variable) const {
    return nodes_[variable].candidate;
}

bool Search::is_installed(Variable variable) const {
    return nodes_[variable].is_installed;
}

bool Search::is_forbidden(CandidateId id) const {
    return forbidden_.contains(index_of(id));
}

void Search::add_fact(Fact fact, std::span<const Literal> literals) {
    fact.clause = sat_.add_clause(literals);
    facts_.push_back(fact);
}

void Search::settle_installed() {
    for (const CandidateId id : problem_.installed) {
        const Variable node = variable_of(id);
        if (nodes_[node].is_installed) {
            continue;
        }
        nodes_[node].is_installed = true;
        nodes_[node].is_marked = true;
        nodes_[node].is_walked = true;
        add_fact({.kind = FactKind::installed, .by = node}, std::array{Literal::yes(node)});
    }
}

void Search::ask_requests() {
    nodes_[kRoot].has_clauses = true;
    sat_.add_clause(std::array{Literal::yes(kRoot)});
    // A virtual name is met by a package that another request names: it comes later.
    for (const bool is_virtual : {false, true}) {
        for (const Request& request : problem_.requests) {
            if (universe_.named(request.relation.name).empty() == is_virtual) {
                ask(request);
            }
        }
    }
}

void Search::ask(const Request& request) {
    Group group{.request = &request};
    for (const CandidateId id : candidates_for(universe_, request)) {
        if (!is_forbidden(id)) {
            group.options.push_back(variable_of(id));
        }
    }
    add_group(kRoot, std::move(group), {.kind = FactKind::asked, .request = &request});
}

void Search::add_group(Variable node, Group group, Fact fact) {
    std::vector<Literal> literals{Literal::no(node)};
    for (const Variable option : group.options) {
        literals.push_back(Literal::yes(option));
    }
    nodes_[node].groups.push_back(std::move(group));
    add_fact(fact, literals);
}

void Search::make_clauses(Variable node) {
    if (nodes_[node].has_clauses || !nodes_[node].is_candidate) {
        return;
    }
    nodes_[node].has_clauses = true;
    const Package& package = package_of(node);
    for (const CandidateId id : universe_.named(package.name)) {
        if (id != nodes_[node].candidate) {
            exclude(node, variable_of(id), {.kind = FactKind::same_name});
        }
    }
    add_conflicts(node, package.conflicts, "conflicts with");
    add_conflicts(node, package.breaks, "breaks");
    const bool is_beyond = horizon_ && !horizon_->contains(index_of(nodes_[node].candidate));
    if (!nodes_[node].is_installed && !is_beyond) {
        add_dependencies(node, package.pre_depends, "pre-depends on");
        add_dependencies(node, package.depends, "depends on");
    }
}

void Search::add_dependencies(
    Variable node, const std::vector<package::Alternatives>& groups, const char* verb) {
    const Package& package = package_of(node);
    for (const package::Alternatives& alternatives : groups) {
        if (auto why = problem_.omit ? problem_.omit(package, alternatives) : std::nullopt) {
            nodes_[node].groups.push_back(
                {.alternatives = &alternatives, .omitted = std::move(why)});
            continue;
        }
        Group group{.alternatives = &alternatives};
        bool is_waivable = false;
        for (const CandidateId id : candidates_for(universe_, alternatives)) {
            if (is_forbidden(id)) {
                is_waivable = true;
            } else {
                group.options.push_back(variable_of(id));
            }
        }
        if (std::ranges::find(group.options, node) != group.options.end()) {
            continue;
        }
        if (is_waivable) {
            // The last choice: to do without, since the definition excludes what would do.
            group.options.push_back(add_node({}));
        }
        add_group(
            node, std::move(group),
            {.kind = FactKind::dependency, .by = node, .verb = verb, .group = &alternatives});
    }
}

void Search::add_conflicts(
    Variable node, const std::vector<package::Relation>& relations, const char* verb) {
    const Package& package = package_of(node);
    for (const package::Relation& relation : relations) {
        for (const CandidateId id : excluded_by(universe_, relation, package)) {
            exclude(
                node, variable_of(id),
                {.kind = FactKind::conflict, .verb = verb, .relation = &relation});
        }
    }
}

void Search::exclude(Variable node, Variable other, Fact fact) {
    if (nodes_[node].is_installed && nodes_[other].is_installed) {
        return; // what the parent image holds together is not questioned
    }
    fact.by = node;
    fact.other = other;
    add_fact(fact, std::array{Literal::no(node), Literal::no(other)});
}

bool Search::run() {
    settle_installed();
    ask_requests();
    bool is_possible = sat_.settle();
    push(kRoot);
    while (is_possible) {
        if (stop_.stop_requested()) {
            throw Error(ErrorKind::interrupted, "stopped while choosing packages");
        }
        const std::optional<Literal> choice = next_choice();
        if (!choice) {
            return true;
        }
        done_at_level_.push_back(done_.size());
        sat_.decide(*choice);
        is_possible = sat_.settle();
        go_back_to(sat_.level());
    }
    return false;
}

/// Walks on to the next choice that is open; nothing at the end of the walk.
std::optional<Literal> Search::next_choice() {
    while (!stack_.empty()) {
        const Frame frame = stack_.back();
        const std::size_t groups = nodes_[frame.node].groups.size();
        // The root is gone through twice: all requests are marked before the first is walked.
        if (frame.group == (frame.node == kRoot ? 2 * groups : groups)) {
            pop();
        } else if (frame.node == kRoot && frame.group >= groups) {
            const auto option = marked_option(nodes_[kRoot].groups[frame.group - groups]);
            advance();
            if (option && !nodes_[*option].is_walked) {
                push(*option);
            }
        } else if (const auto choice = meet(frame)) {
            return choice;
        }
    }
    return {};
}

/// Meets the group at which a frame stands, or says what has to be decided first.
std::optional<Literal> Search::meet(const Frame& frame) {
    const Group& group = nodes_[frame.node].groups[frame.group];
    if (group.omitted || marked_option(group)) {
        advance();
        return {};
    }
    const auto option = std::ranges::find_if(
        group.options, [this](Variable node) { return sat_.value(node) != Value::no; });
    ensure(option != group.options.end(), "a dependency that nothing can meet went unnoticed");
    if (sat_.value(*option) == Value::unknown) {
        return Literal::yes(*option);
    }
    mark({.node = *option, .by = frame.node, .group = frame.group});
    advance();
    if (frame.node != kRoot) {
        push(*option);
    }
    return {};
}

std::optional<Variable> Search::marked_option(const Group& group) const {
    const auto marked = std::ranges::find_if(
        group.options, [this](Variable node) { return nodes_[node].is_marked; });
    return marked == group.options.end() ? std::nullopt : std::optional(*marked);
}

void Search::mark(const Mark& mark) {
    nodes_[mark.node].is_marked = true;
    marks_.push_back(mark);
    done_.push_back({.step = Step::mark});
}

void Search::push(Variable node) {
    nodes_[node].is_walked = true;
    stack_.push_back({.node = node});
    done_.push_back({.step = Step::push, .node = node});
}

void Search::advance() {
    ++stack_.back().group;
    done_.push_back({.step = Step::advance});
}

void Search::pop() {
    done_.push_back({.step = Step::pop, .node = stack_.back().node, .group = stack_.back().group});
    stack_.pop_back();
}

void Search::undo(const Done& done) {
    switch (done.step) {
    case Step::mark:
        nodes_[marks_.back().node].is_marked = false;
        marks_.pop_back();
        break;
    case Step::push:
        nodes_[done.node].is_walked = false;
        stack_.pop_back();
        break;
    case Step::advance:
        --stack_.back().group;
        break;
    case Step::pop:
        stack_.push_back({.node = done.node, .group = done.group});
        break;
    }
}

void Search::go_back_to(std::size_t level) {
    while (done_at_level_.size() > level) {
        for (; done_.size() > done_at_level_.back(); done_.pop_back()) {
            undo(done_.back());
        }
        done_at_level_.pop_back();
    }
}

Solution Search::solution() const {
    Solution solution;
    const auto relation_of = [](const Group& group) {
        return group.request ? to_string(*group.request) : package::to_string(*group.alternatives);
    };
    const auto is_met = [this](const Group& group) {
        return std::ranges::any_of(candidates_for(universe_, *group.alternatives), [&](auto id) {
            const Variable node = variable_of_[index_of(id)];
            return node != kRoot && nodes_[node].is_marked;
        });
    };
    for (const Mark& mark : marks_) {
        if (!nodes_[mark.node].is_candidate) {
            continue;
        }
        const Node& by = nodes_[mark.by];
        solution.packages.push_back(
            {.id = nodes_[mark.node].candidate,
             .reason = {
                 .by = by.is_candidate ? std::optional(by.candidate) : std::nullopt,
                 .relation = relation_of(by.groups[mark.group])}});
        for (const Group& group : nodes_[mark.node].groups) {
            const bool is_waived = !group.omitted && !group.options.empty() &&
                                   !nodes_[group.options.back()].is_candidate;
            if ((group.omitted || is_waived) && !is_met(group)) {
                solution.omitted.push_back(
                    {.by = nodes_[mark.node].candidate,
                     .relation = relation_of(group),
                     .why = group.omitted.value_or("excluded by the definition")});
            }
        }
    }
    return solution;
}

std::vector<Fact> Search::core() const {
    const std::vector<ClauseId> clauses = sat_.core();
    std::vector<Fact> core;
    std::ranges::copy_if(facts_, std::back_inserter(core), [&clauses](const Fact& fact) {
        return std::ranges::binary_search(clauses, fact.clause);
    });
    return core;
}

} // namespace pare::solve
