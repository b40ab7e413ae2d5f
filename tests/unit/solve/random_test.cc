// SPDX-License-Identifier: Apache-2.0
// Small random universes against a brute-force search through all subsets, and instances on which
// a search that only goes back step by step would take exponential time.
#include "unit/solve/helpers.hh"

#include <map>
#include <random>

using namespace pare;
using namespace pare::test;

namespace {

using package::CandidateId;
using package::Operator;
using package::Package;
using package::Relation;

/// The engine is the same everywhere; distributions of the standard library are not.
class Dice {
public:
    explicit Dice(unsigned seed) : engine_(seed) {}

    std::size_t below(std::size_t limit) { return engine_() % limit; }

private:
    std::mt19937 engine_;
};

Relation random_relation(Dice& dice, std::size_t names) {
    Relation relation{.name = "p" + std::to_string(dice.below(names))};
    if (dice.below(4) == 0) {
        relation.op = static_cast<Operator>(1 + dice.below(5));
        relation.version = std::to_string(1 + dice.below(3));
    }
    return relation;
}

std::vector<Package> random_packages(Dice& dice) {
    const std::size_t names = 6;
    std::map<std::string, Package> packages;
    for (std::size_t i = 0; i < 9; ++i) {
        Package package{
            .name = "p" + std::to_string(dice.below(names)),
            .version = std::to_string(1 + dice.below(3)),
            .priority = dice.below(2) == 0 ? "optional" : "important"};
        for (std::size_t n = dice.below(3); n > 0; --n) {
            package::Alternatives group{random_relation(dice, names + 1)};
            if (dice.below(2) == 0) {
                group.push_back(random_relation(dice, names + 1));
            }
            (dice.below(4) == 0 ? package.pre_depends : package.depends).push_back(group);
        }
        if (dice.below(3) == 0) {
            (dice.below(2) == 0 ? package.conflicts : package.breaks)
                .push_back(random_relation(dice, names));
        }
        if (dice.below(4) == 0) {
            Relation provided{.name = "p" + std::to_string(dice.below(names + 1))};
            if (dice.below(2) == 0) {
                provided.op = Operator::equal;
                provided.version = std::to_string(1 + dice.below(3));
            }
            package.provides.push_back(provided);
        }
        packages.emplace(package.name + package.version, package);
    }
    std::vector<Package> all;
    for (auto& [key, package] : packages) {
        all.push_back(package);
    }
    return all;
}

/// The rules once more, straight from Debian policy and without any cleverness.
class BruteForce {
public:
    explicit BruteForce(const std::vector<Package>& packages) : packages_(packages) {}

    bool is_possible(const std::vector<solve::Request>& requests) const {
        for (unsigned set = 0; set < (1U << packages_.size()); ++set) {
            if (is_solution(set, requests)) {
                return true;
            }
        }
        return false;
    }

    bool is_solution(unsigned set, const std::vector<solve::Request>& requests) const {
        for (const solve::Request& request : requests) {
            if (!is_request_met(set, request.relation)) {
                return false;
            }
        }
        for (std::size_t i = 0; i < packages_.size(); ++i) {
            if (contains(set, i) && !is_content(set, i)) {
                return false;
            }
        }
        return true;
    }

private:
    static bool contains(unsigned set, std::size_t i) { return ((set >> i) & 1U) != 0; }

    static bool fits(const std::string& version, const Relation& relation) {
        const int order = version.compare(relation.version);
        switch (relation.op) {
        case Operator::any:
            return true;
        case Operator::less:
            return order < 0;
        case Operator::less_equal:
            return order <= 0;
        case Operator::equal:
            return order == 0;
        case Operator::greater_equal:
            return order >= 0;
        case Operator::greater:
            return order > 0;
        }
        return false;
    }

    bool meets(std::size_t i, const Relation& relation) const {
        const Package& package = packages_[i];
        if (package.name == relation.name && fits(package.version, relation)) {
            return true;
        }
        return std::ranges::any_of(package.provides, [&](const Relation& provided) {
            return provided.name == relation.name &&
                   (relation.op == Operator::any ||
                    (provided.op == Operator::equal && fits(provided.version, relation)));
        });
    }

    bool is_met(unsigned set, const Relation& relation) const {
        for (std::size_t i = 0; i < packages_.size(); ++i) {
            if (contains(set, i) && meets(i, relation)) {
                return true;
            }
        }
        return false;
    }

    bool is_request_met(unsigned set, const Relation& relation) const {
        bool is_real = false;
        bool is_met_by_name = false;
        for (std::size_t i = 0; i < packages_.size(); ++i) {
            if (packages_[i].name == relation.name) {
                is_real = true;
                is_met_by_name =
                    is_met_by_name || (contains(set, i) && fits(packages_[i].version, relation));
            }
        }
        return is_real ? is_met_by_name : is_met(set, relation);
    }

    bool is_content(unsigned set, std::size_t i) const {
        const Package& package = packages_[i];
        const auto any_met = [&](const package::Alternatives& group) {
            return std::ranges::any_of(
                group, [&](const Relation& relation) { return is_met(set, relation); });
        };
        const auto excludes = [&](const Relation& relation) {
            for (std::size_t j = 0; j < packages_.size(); ++j) {
                if (contains(set, j) && packages_[j].name != package.name && meets(j, relation)) {
                    return true;
                }
            }
            return false;
        };
        for (std::size_t j = 0; j < packages_.size(); ++j) {
            if (j != i && contains(set, j) && packages_[j].name == package.name) {
                return false;
            }
        }
        return std::ranges::all_of(package.pre_depends, any_met) &&
               std::ranges::all_of(package.depends, any_met) &&
               std::ranges::none_of(package.conflicts, excludes) &&
               std::ranges::none_of(package.breaks, excludes);
    }

    const std::vector<Package>& packages_;
};

unsigned set_of(const solve::Solution& solution) {
    unsigned set = 0;
    for (const solve::Chosen& chosen : solution.packages) {
        set |= 1U << static_cast<unsigned>(chosen.id);
    }
    return set;
}

} // namespace

TEST_CASE("random universes: a solution exists exactly when brute force finds one, and is one") {
    int possible = 0;
    int impossible = 0;
    for (unsigned seed = 0; seed < 3000; ++seed) {
        Dice dice(seed);
        const std::vector<Package> packages = random_packages(dice);
        const FakeUniverse universe(packages);
        solve::Problem problem;
        for (std::size_t n = 1 + dice.below(3); n > 0; --n) {
            problem.requests.push_back({.relation = random_relation(dice, 6)});
        }
        const BruteForce oracle(packages);
        const solve::Result result = solve::solve(universe, problem);
        const auto* solution = std::get_if<solve::Solution>(&result);
        CAPTURE(seed);
        REQUIRE((solution != nullptr) == oracle.is_possible(problem.requests));
        if (solution != nullptr) {
            ++possible;
            REQUIRE(oracle.is_solution(set_of(*solution), problem.requests));
            REQUIRE(
                words(universe, *solution) == words(universe, expect_solution(universe, problem)));
        } else {
            ++impossible;
            REQUIRE(std::get<solve::Conflict>(result).chain.size() >= 2);
        }
    }
    CHECK(possible > 500);
    CHECK(impossible > 500);
}

TEST_CASE(
    "random universes: the requests that are blamed contradict each other, and none too many") {
    int several = 0;
    for (unsigned seed = 0; seed < 1500; ++seed) {
        Dice dice(seed);
        const FakeUniverse universe(random_packages(dice));
        std::vector<solve::Request> asked;
        for (std::size_t i = 0; i < 6; i += 2) {
            asked.push_back({.relation = {.name = "p" + std::to_string(i + dice.below(2))}});
        }
        const solve::Result result = solve::solve(universe, {.requests = asked});
        const auto* conflict = std::get_if<solve::Conflict>(&result);
        if (conflict == nullptr) {
            continue;
        }
        std::erase_if(asked, [&](const solve::Request& request) {
            const std::string words = "you asked for " + request.relation.name;
            return std::ranges::find(conflict->chain, words) == conflict->chain.end();
        });
        CAPTURE(seed);
        expect_conflict(universe, {.requests = asked});
        for (std::size_t i = 0; i < asked.size(); ++i) {
            std::vector<solve::Request> fewer = asked;
            fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
            expect_solution(universe, {.requests = fewer});
        }
        several += asked.size() > 1 ? 1 : 0;
    }
    CHECK(several > 50);
}

TEST_CASE("a chain of alternatives that all fail at its end takes no exponential time") {
    // 2^200 ways lead to the end, and only there it shows that none can be gone.
    std::string text = "start 1; depends: l0 | r0\nend 1; depends: none\n";
    for (int i = 0; i < 200; ++i) {
        const std::string next =
            i == 199 ? "end" : "l" + std::to_string(i + 1) + " | r" + std::to_string(i + 1);
        text += "l" + std::to_string(i) + " 1; depends: " + next + "\n";
        text += "r" + std::to_string(i) + " 1; depends: " + next + "\n";
    }
    const FakeUniverse universe(text);
    CHECK(expect_conflict(universe, {.requests = requests("start")}).chain.size() > 2);
}

TEST_CASE("choices that have nothing to do with a contradiction are not tried in all ways") {
    // 60 free choices come before the two that exclude each other.
    std::string text = "start 1; depends: ";
    for (int i = 0; i < 60; ++i) {
        text += "a" + std::to_string(i) + " | b" + std::to_string(i) + ", ";
    }
    text += "x | y, z\nx 1\ny 1\nz 1; conflicts: x, y\n";
    for (int i = 0; i < 60; ++i) {
        text += "a" + std::to_string(i) + " 1\nb" + std::to_string(i) + " 1\n";
    }
    CHECK(refused(text, "start").find("you asked for start\nstart depends on x | y") == 0);
}

TEST_CASE("seven pigeons do not fit into six holes") {
    const std::size_t holes = 6;
    std::string text = "start 1; depends: ";
    std::string lines;
    for (std::size_t pigeon = 0; pigeon <= holes; ++pigeon) {
        const std::string name = "pigeon" + std::to_string(pigeon);
        text += (pigeon == 0 ? "" : ", ") + name;
        lines += name + " 1; depends: ";
        for (std::size_t hole = 0; hole < holes; ++hole) {
            lines += (hole == 0 ? "" : " | ") + name + "in" + std::to_string(hole);
        }
        lines += "\n";
        for (std::size_t hole = 0; hole < holes; ++hole) {
            const std::string place = "hole" + std::to_string(hole);
            lines += name + "in" + std::to_string(hole) + " 1; provides: " + place +
                     "; conflicts: " + place + "\n";
        }
    }
    const FakeUniverse universe(text + "\n" + lines);
    CHECK(expect_conflict(universe, {.requests = requests("start")}).chain.size() > 10);
}
