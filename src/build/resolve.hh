// SPDX-License-Identifier: Apache-2.0
// The second stage: which package versions each step takes. From a lock; or from the store, when
// the same was asked of the same state of the repositories before; or from the solver.
#pragma once

#include "build/plan.hh"
#include "deb/repository.hh"
#include "solve/solve.hh"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pare::build {

/// What is asked of the solver for a step: digest, and in words for people.
struct Asked {
    std::string digest{};
    std::vector<std::string> words{};
};

[[nodiscard]] Asked asked_of(const StepNode& node);

/// Fills StepNode::locked of all nodes from the repositories.
class Resolver {
public:
    Resolver(const Request& request, const Tools& tools);

    void resolve(Plan& plan);
    /// Which packages of the node's sources have which libraries (deb/contents.hh).
    [[nodiscard]] std::vector<MappedFile> libraries(const StepNode& node);
    /// The same for one node, with what the solver said; its parents must be resolved.
    [[nodiscard]] solve::Solution solve_node(const StepNode& node);
    [[nodiscard]] const package::Universe& universe_of(const StepNode& node);

private:
    void refresh(const Plan& plan);
    [[nodiscard]] std::string solution_key(const StepNode& node) const;
    [[nodiscard]] solve::Problem
    problem_of(const StepNode& node, const package::Universe& universe);
    [[nodiscard]] package::LockedStep lock_node(const StepNode& node);

    const Request& request_;
    const Tools& tools_;
    deb::Repositories repositories_;
    std::vector<deb::SuiteState> states_{};
    std::unique_ptr<package::Universe> universe_;
    /// Of which architecture and sources it is; only one is in memory at a time.
    std::pair<std::string, std::vector<deb::Source>> universe_contents_{};
};

/// Fills StepNode::locked of the nodes of one definition from its lock; refuses a lock that was
/// made for something else, saying what changed.
void apply_lock(Plan& plan, const std::map<std::string, package::Lock>& locks);

/// Where a locked package is fetched from: locks name Debian's public mirror, which gives way to
/// the one that this host uses.
[[nodiscard]] std::string fetch_url(const std::string& locked_url, const deb::Mirror& mirror);

} // namespace pare::build
