// SPDX-License-Identifier: Apache-2.0
// Conflict-driven clause learning without a will of its own: who uses it says what to decide on,
// and may add clauses while values are being found (clauses of packages nobody looks at are never
// made).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace pare::solve {

using Variable = std::uint32_t;
using ClauseId = std::uint32_t;

/// A variable or its negation.
class Literal {
public:
    Literal() = default;

    [[nodiscard]] static Literal yes(Variable variable) { return Literal(variable * 2); }

    [[nodiscard]] static Literal no(Variable variable) { return Literal(variable * 2 + 1); }

    [[nodiscard]] Variable variable() const { return code_ / 2; }

    [[nodiscard]] bool is_positive() const { return code_ % 2 == 0; }

    /// A dense index.
    [[nodiscard]] std::uint32_t code() const { return code_; }

    [[nodiscard]] Literal operator~() const { return Literal(code_ ^ 1); }

    bool operator==(const Literal&) const = default;

private:
    explicit Literal(std::uint32_t code) : code_(code) {}

    std::uint32_t code_ = 0;
};

enum class Value : std::uint8_t { unknown, yes, no };

class Sat {
public:
    /// Called once for each time that a variable has become true, before its consequences are
    /// drawn: may add variables and clauses, each clause with the negation of that variable.
    using OnTrue = std::function<void(Variable)>;

    explicit Sat(OnTrue on_true = {}) : on_true_(std::move(on_true)) {}

    Variable add_variable();
    /// One or more literals, no two of one variable. Before the first decision, or from OnTrue.
    ClauseId add_clause(std::span<const Literal> literals);

    [[nodiscard]] Value value(Variable variable) const { return values_[variable]; }

    [[nodiscard]] std::size_t variable_count() const { return values_.size(); }

    /// How many decisions stand.
    [[nodiscard]] std::size_t level() const { return level_starts_.size(); }

    /// Makes the literal, whose value is unknown, true for now.
    void decide(Literal literal);
    /// Draws all consequences; where they contradict, learns a clause, takes decisions back (never
    /// makes one), and goes on. False: the clauses contradict each other.
    [[nodiscard]] bool settle();

    /// How many contradictions were met so far.
    [[nodiscard]] std::uint64_t conflicts() const { return conflicts_; }

    /// After settle() gave false: added clauses that contradict each other, oldest first.
    [[nodiscard]] std::vector<ClauseId> core() const;
    [[nodiscard]] std::span<const Literal> literals(ClauseId clause) const;

private:
    struct Clause {
        std::size_t start = 0;
        std::uint32_t size = 0;
        std::uint32_t learned = 0; ///< 1 + index in antecedents_; 0: added
    };

    struct Watch {
        ClauseId clause = 0;
        Literal other{}; ///< when it is true the clause need not be looked at
    };

    struct Lesson {
        std::vector<Literal> literals{}; ///< the asserting one first, then one of level `back`
        std::vector<ClauseId> antecedents{};
        std::size_t back = 0;
    };

    [[nodiscard]] Value value(Literal literal) const;
    [[nodiscard]] std::span<Literal> mutable_literals(ClauseId clause);
    ClauseId store(std::span<const Literal> literals);
    void watch(ClauseId clause);
    void assign(Literal literal, ClauseId reason);
    [[nodiscard]] std::optional<ClauseId> propagate();
    [[nodiscard]] std::optional<ClauseId> visit_watches(Literal now_false);
    [[nodiscard]] bool move_watch(ClauseId clause, Literal now_false);
    [[nodiscard]] Lesson learn_from(ClauseId conflict);
    void note(Literal literal, Lesson& lesson, std::size_t& open);
    void go_back(std::size_t level);

    OnTrue on_true_;
    std::vector<Literal> pool_;
    std::vector<Clause> clauses_;
    std::vector<std::vector<Watch>> watches_; ///< by code of the literal whose falsehood matters
    std::vector<Value> values_;
    std::vector<std::uint32_t> levels_;
    std::vector<ClauseId> reasons_;
    std::vector<char> seen_;
    std::vector<Literal> trail_;
    std::vector<std::size_t> level_starts_;
    std::size_t next_ = 0; ///< of the trail: the first literal whose consequences are not drawn
    std::optional<ClauseId> pending_; ///< a clause that was false when it was added
    std::vector<std::vector<ClauseId>> antecedents_;
    std::optional<ClauseId> refuted_;
    std::uint64_t conflicts_ = 0;
};

} // namespace pare::solve
