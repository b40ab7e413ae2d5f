// SPDX-License-Identifier: Apache-2.0
// A walk through packages in apt's order, on top of a SAT solver that makes the clauses of a
// package when it is first looked at.
#pragma once

#include "solve/candidates.hh"
#include "solve/sat.hh"
#include "solve/solve.hh"

#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_set>
#include <vector>

namespace pare::solve {

/// What a clause says.
enum class FactKind {
    asked,      ///< a request
    dependency, ///< `by` needs one of a group
    conflict,   ///< `by` and `other` exclude each other
    same_name,  ///< `by` and `other` are versions of one package
    installed,  ///< `by` is there already
};

struct Fact {
    FactKind kind{};
    Variable by = 0;
    Variable other = 0;
    const char* verb = "";                        ///< `depends on`, `breaks`
    const package::Alternatives* group = nullptr; ///< of a dependency
    const package::Relation* relation = nullptr;  ///< of a conflict
    const Request* request = nullptr;
    ClauseId clause = 0;
};

/// Dependencies of these alone are looked at; the rest count as having none.
using Horizon = std::unordered_set<std::uint32_t>;

class Search {
public:
    /// The variable that stands for the request as a whole; it is true.
    static constexpr Variable kRoot = 0;

    /// All arguments must outlive the search; `horizon` null: no limit.
    Search(
        const package::Universe& universe, const Problem& problem, std::stop_token stop,
        const Horizon* horizon = nullptr);
    Search(const Search&) = delete;
    Search& operator=(const Search&) = delete;

    /// False: there is no solution.
    [[nodiscard]] bool run();
    /// After run() gave true.
    [[nodiscard]] Solution solution() const;
    /// After run() gave false: facts that contradict each other, and their clauses.
    [[nodiscard]] std::vector<Fact> core() const;

    [[nodiscard]] const Sat& sat() const { return sat_; }

    /// Whether a variable stands for a candidate, and for which.
    [[nodiscard]] bool is_candidate(Variable variable) const;
    [[nodiscard]] package::CandidateId candidate(Variable variable) const;
    [[nodiscard]] bool is_installed(Variable variable) const;
    /// Whether the problem says that it is never to be chosen.
    [[nodiscard]] bool is_forbidden(package::CandidateId id) const;

private:
    /// A dependency group or request with all that can meet it, best first.
    struct Group {
        const package::Alternatives* alternatives = nullptr;
        const Request* request = nullptr;
        std::vector<Variable> options{};
        std::optional<std::string> omitted{};
    };

    struct Node {
        package::CandidateId candidate{};
        bool is_candidate = false; ///< otherwise: the root, or doing without a dependency
        bool is_installed = false;
        bool has_clauses = false;
        bool is_marked = false; ///< chosen by the walk
        bool is_walked = false; ///< its dependencies are, or were, gone through
        std::vector<Group> groups{};
    };

    struct Frame {
        Variable node = 0;
        std::size_t group = 0;
    };

    struct Mark {
        Variable node = 0;
        Variable by = 0;
        std::size_t group = 0;
    };

    enum class Step { mark, push, advance, pop };

    struct Done {
        Step step{};
        Variable node = 0;
        std::size_t group = 0;
    };

    Variable add_node(Node node);
    Variable variable_of(package::CandidateId id);
    [[nodiscard]] const package::Package& package_of(Variable node) const;
    void make_clauses(Variable node);
    void ask_requests();
    void ask(const Request& request);
    void settle_installed();
    void add_dependencies(
        Variable node, const std::vector<package::Alternatives>& groups, const char* verb);
    void add_group(Variable node, Group group, Fact fact);
    void
    add_conflicts(Variable node, const std::vector<package::Relation>& relations, const char* verb);
    void exclude(Variable node, Variable other, Fact fact);
    void add_fact(Fact fact, std::span<const Literal> literals);

    [[nodiscard]] std::optional<Literal> next_choice();
    [[nodiscard]] std::optional<Literal> meet(const Frame& frame);
    [[nodiscard]] std::optional<Variable> marked_option(const Group& group) const;
    void mark(const Mark& mark);
    void push(Variable node);
    void advance();
    void pop();
    void go_back_to(std::size_t level);
    void undo(const Done& done);

    const package::Universe& universe_;
    const Problem& problem_;
    std::stop_token stop_;
    const Horizon* horizon_;
    Sat sat_;
    std::vector<Node> nodes_;
    std::vector<Variable> variable_of_; ///< by candidate; 0 (the root): none yet
    std::unordered_set<std::uint32_t> forbidden_;
    std::vector<Fact> facts_; ///< by ascending clause
    std::vector<Frame> stack_;
    std::vector<Mark> marks_;
    std::vector<Done> done_;
    std::vector<std::size_t> done_at_level_;
};

} // namespace pare::solve
