// SPDX-License-Identifier: Apache-2.0
// Problem: a chain of alternatives can take exponential time when a search merely goes back one
// choice at a time. Two watched literals per clause, first-UIP learning and back-jumping (Marques
// Silva and Sakallah 1996, Moskewicz et al. 2001) visit each mistake once. Decisions are made
// elsewhere, in apt's order, so there is no activity heuristic and no restart. Each learned clause
// remembers what it was made from: that gives the contradicting core of a refusal.
#include "solve/sat.hh"

#include "support/error.hh"

#include <algorithm>
#include <limits>

namespace pare::solve {
namespace {

constexpr ClauseId kNoReason = std::numeric_limits<ClauseId>::max();

} // namespace

Variable Sat::add_variable() {
    const auto variable = static_cast<Variable>(values_.size());
    values_.push_back(Value::unknown);
    levels_.push_back(0);
    reasons_.push_back(kNoReason);
    seen_.push_back(0);
    watches_.resize(watches_.size() + 2);
    return variable;
}

Value Sat::value(Literal literal) const {
    const Value value = values_[literal.variable()];
    if (value == Value::unknown || literal.is_positive()) {
        return value;
    }
    return value == Value::yes ? Value::no : Value::yes;
}

std::span<const Literal> Sat::literals(ClauseId clause) const {
    const Clause& stored = clauses_[clause];
    return std::span(pool_).subspan(stored.start, stored.size);
}

std::span<Literal> Sat::mutable_literals(ClauseId clause) {
    const Clause& stored = clauses_[clause];
    return std::span(pool_).subspan(stored.start, stored.size);
}

ClauseId Sat::store(std::span<const Literal> literals) {
    const auto id = static_cast<ClauseId>(clauses_.size());
    clauses_.push_back(
        {.start = pool_.size(), .size = static_cast<std::uint32_t>(literals.size())});
    pool_.insert(pool_.end(), literals.begin(), literals.end());
    return id;
}

void Sat::watch(ClauseId clause) {
    const std::span<const Literal> both = literals(clause);
    watches_[both[0].code()].push_back({.clause = clause, .other = both[1]});
    watches_[both[1].code()].push_back({.clause = clause, .other = both[0]});
}

ClauseId Sat::add_clause(std::span<const Literal> literals) {
    ensure(!literals.empty(), "a clause without literals");
    const ClauseId clause = store(literals);
    const std::span<Literal> stored = mutable_literals(clause);
    // The two that will be unassigned first when decisions are taken back have to be watched.
    const auto rank = [this](Literal literal) {
        return value(literal) == Value::no ? levels_[literal.variable()]
                                           : std::numeric_limits<std::uint32_t>::max();
    };
    const auto best = stored.begin() + std::min<std::ptrdiff_t>(2, std::ssize(stored));
    std::partial_sort(stored.begin(), best, stored.end(), [&rank](Literal left, Literal right) {
        return rank(left) > rank(right);
    });
    if (stored.size() > 1) {
        watch(clause);
    }
    const bool is_unit = stored.size() == 1 || value(stored[1]) == Value::no;
    if (value(stored[0]) == Value::no) {
        // One literal cannot be watched: it has to be learned from now, or it is forgotten.
        pending_ = stored.size() == 1 ? clause : pending_.value_or(clause);
    } else if (is_unit && value(stored[0]) == Value::unknown) {
        assign(stored[0], clause);
    }
    return clause;
}

void Sat::assign(Literal literal, ClauseId reason) {
    const Variable variable = literal.variable();
    values_[variable] = literal.is_positive() ? Value::yes : Value::no;
    levels_[variable] = static_cast<std::uint32_t>(level());
    reasons_[variable] = reason;
    trail_.push_back(literal);
}

void Sat::decide(Literal literal) {
    ensure(value(literal) == Value::unknown, "a decision on what is known");
    level_starts_.push_back(trail_.size());
    assign(literal, kNoReason);
}

std::optional<ClauseId> Sat::propagate() {
    while (next_ < trail_.size()) {
        const Literal now_true = trail_[next_++];
        if (now_true.is_positive() && on_true_) {
            on_true_(now_true.variable());
        }
        if (pending_) {
            return std::exchange(pending_, std::nullopt);
        }
        if (const auto conflict = visit_watches(~now_true)) {
            return conflict;
        }
    }
    return std::exchange(pending_, std::nullopt);
}

std::optional<ClauseId> Sat::visit_watches(Literal now_false) {
    std::vector<Watch>& list = watches_[now_false.code()];
    std::size_t kept = 0;
    std::optional<ClauseId> conflict;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Watch watch = list[i];
        if (conflict || value(watch.other) == Value::yes) {
            list[kept++] = watch;
            continue;
        }
        if (move_watch(watch.clause, now_false)) {
            continue;
        }
        const Literal first = literals(watch.clause)[0];
        list[kept++] = {.clause = watch.clause, .other = first};
        if (value(first) == Value::no) {
            conflict = watch.clause;
        } else if (value(first) == Value::unknown) {
            assign(first, watch.clause);
        }
    }
    list.resize(kept);
    return conflict;
}

/// Puts the other watched literal first; false when no third literal can be watched instead.
bool Sat::move_watch(ClauseId clause, Literal now_false) {
    const std::span<Literal> all = mutable_literals(clause);
    if (all[0] == now_false) {
        std::swap(all[0], all[1]);
    }
    if (value(all[0]) == Value::yes) {
        return false;
    }
    const auto rest = all.subspan(2);
    const auto found = std::find_if(
        rest.begin(), rest.end(), [this](Literal literal) { return value(literal) != Value::no; });
    if (found == rest.end()) {
        return false;
    }
    std::swap(all[1], *found);
    watches_[all[1].code()].push_back({.clause = clause, .other = all[0]});
    return true;
}

void Sat::note(Literal literal, Lesson& lesson, std::size_t& open) {
    const Variable variable = literal.variable();
    const std::size_t at = levels_[variable];
    if (seen_[variable] != 0 || at == 0 || value(literal) != Value::no) {
        return;
    }
    seen_[variable] = 1;
    if (at == level()) {
        ++open;
        return;
    }
    lesson.literals.push_back(literal);
    if (at > lesson.back) {
        lesson.back = at;
        std::swap(lesson.literals[1], lesson.literals.back());
    }
}

Sat::Lesson Sat::learn_from(ClauseId conflict) {
    Lesson lesson{.literals = {Literal()}};
    std::size_t open = 0;
    std::size_t at = trail_.size();
    ClauseId clause = conflict;
    for (;;) {
        lesson.antecedents.push_back(clause);
        for (const Literal literal : literals(clause)) {
            note(literal, lesson, open);
        }
        do {
            --at;
        } while (seen_[trail_[at].variable()] == 0);
        const Literal last = trail_[at];
        seen_[last.variable()] = 0;
        if (--open == 0) {
            lesson.literals[0] = ~last;
            break;
        }
        clause = reasons_[last.variable()];
    }
    for (const Literal literal : lesson.literals) {
        seen_[literal.variable()] = 0;
    }
    return lesson;
}

void Sat::go_back(std::size_t level) {
    const std::size_t size = level_starts_[level];
    for (std::size_t i = size; i < trail_.size(); ++i) {
        values_[trail_[i].variable()] = Value::unknown;
        reasons_[trail_[i].variable()] = kNoReason;
    }
    trail_.resize(size);
    level_starts_.resize(level);
    next_ = size;
}

bool Sat::settle() {
    while (const auto conflict = propagate()) {
        ++conflicts_;
        if (level() == 0) {
            refuted_ = conflict;
            return false;
        }
        Lesson lesson = learn_from(*conflict);
        go_back(lesson.back);
        const ClauseId clause = store(lesson.literals);
        antecedents_.push_back(std::move(lesson.antecedents));
        clauses_[clause].learned = static_cast<std::uint32_t>(antecedents_.size());
        if (lesson.literals.size() > 1) {
            watch(clause);
        }
        assign(lesson.literals[0], clause);
    }
    return true;
}

std::vector<ClauseId> Sat::core() const {
    ensure(refuted_.has_value(), "a core of what is not refuted");
    std::vector<char> reached(clauses_.size(), 0);
    std::vector<ClauseId> open;
    const auto reach = [&](ClauseId clause) {
        if (clause != kNoReason && reached[clause] == 0) {
            reached[clause] = 1;
            open.push_back(clause);
        }
    };
    if (refuted_) {
        reach(*refuted_);
    }
    while (!open.empty()) {
        const ClauseId clause = open.back();
        open.pop_back();
        if (clauses_[clause].learned != 0) {
            std::ranges::for_each(antecedents_[clauses_[clause].learned - 1], reach);
        }
        // Literals that were false before any decision are dropped from lessons: why they are
        // false belongs to the core.
        for (const Literal literal : literals(clause)) {
            if (value(literal) == Value::no) {
                reach(reasons_[literal.variable()]);
            }
        }
    }
    std::vector<ClauseId> added;
    for (ClauseId clause = 0; clause < reached.size(); ++clause) {
        if (reached[clause] != 0 && clauses_[clause].learned == 0) {
            added.push_back(clause);
        }
    }
    return added;
}

} // namespace pare::solve
