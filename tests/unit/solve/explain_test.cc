// SPDX-License-Identifier: Apache-2.0
#include "solve/explain.hh"
#include "unit/solve/helpers.hh"

using namespace pare;
using namespace pare::test;

namespace {

struct Solved {
    FakeUniverse universe;
    solve::Solution solution;

    Solved(std::string_view text, solve::Problem problem)
        : universe(text), solution(expect_solution(universe, problem)) {}

    std::string why(std::string_view name) const {
        return join(solve::why(universe, solution, name), "\n");
    }

    std::string why_not(std::string_view name) const {
        return join(solve::why_not(universe, solution, name), "\n");
    }
};

} // namespace

TEST_CASE("why: a package that was asked for") {
    const Solved solved("a 1", {.requests = requests("a (>= 1)")});
    CHECK(solved.why("a") == "asked for: a (>= 1)");
    CHECK(solved.why_not("a").empty());
}

TEST_CASE("why: the chain is the shortest, not the one by which the package was chosen") {
    const Solved solved(
        "a 1; depends: b, d (>= 1)\nb 1; depends: c\nc 1; depends: d\nd 1; pre-depends: e\ne 1",
        {.requests = requests("a")});
    CHECK(solved.why("e") == "asked for: a\na depends on d (>= 1)\nd pre-depends on e");
}

TEST_CASE("why: a provider or an alternative is named") {
    const Solved solved(
        "a 1; depends: v, x | y\np 1; provides: v\ny 1", {.requests = requests("a")});
    CHECK(solved.why("p") == "asked for: a\na depends on v: p");
    CHECK(solved.why("y") == "asked for: a\na depends on x | y: y");
}

TEST_CASE("why: nothing is said of a package that is not there") {
    const Solved solved("a 1\nb 1", {.requests = requests("a")});
    CHECK(solved.why("b").empty());
    CHECK(solved.why_not("b") == "nothing that was asked for needs b");
}

TEST_CASE("why not: a dependency that was left out is named with its reason") {
    const Solved solved(
        "a 1; depends: x | y\nx 1", {.requests = requests("a"), .forbidden = {{.name = "x"}}});
    CHECK(solved.why_not("x") == "a depends on x | y, left out: excluded by the definition");
}

TEST_CASE("why not: another package meets the dependency") {
    const Solved solved("a 1; depends: x | v\nx 1\np 1; provides: v", {.requests = requests("a")});
    CHECK(solved.why_not("p") == "a depends on x | v, which x meets");
}

TEST_CASE("why not: a name that does not exist") {
    const Solved solved("libpq5 1", {.requests = requests("libpq5")});
    CHECK(solved.why_not("libpq") == "libpq is not in any repository\nnames like it: libpq5");
}
