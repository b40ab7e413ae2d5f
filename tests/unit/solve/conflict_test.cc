// SPDX-License-Identifier: Apache-2.0
// What is said when there is no solution.
#include "unit/solve/helpers.hh"

using namespace pare;
using namespace pare::test;

TEST_CASE("a name that does not exist comes with names like it") {
    const FakeUniverse universe("libpq5 1\nlibpq6 1\nzlib 1");
    const auto conflict = expect_conflict(universe, {.requests = requests("libpq")});
    CHECK(join(conflict.chain, "\n") == "you asked for libpq\nbut libpq is not in any repository");
    CHECK(conflict.hints == std::vector<std::string>{"names like libpq: libpq5, libpq6"});
}

TEST_CASE("a missing dependency is told from the request on") {
    CHECK(
        refused("a 1; depends: b\nb 1; depends: c (>= 2)", "a") ==
        "you asked for a\na depends on b\nb depends on c (>= 2)\n"
        "but c is not in any repository");
}

TEST_CASE("a version that no repository has is told with those that they have") {
    CHECK(
        refused("a 1; pre-depends: b (>= 2)\nb 1.9; suite: trixie", "a") ==
        "you asked for a\na pre-depends on b (>= 2)\nbut the archive has b 1.9 (trixie)");
}

TEST_CASE("packages that break each other are told with both ways to them") {
    CHECK(
        refused("a 1; depends: x\nb 1; depends: y\nx 1; breaks: y (<< 2)\ny 1", "a, b") ==
        "you asked for a\na depends on x\nyou asked for b\nb depends on y\n"
        "but x and y conflict: x 1 breaks y (<< 2), and y is 1");
}

TEST_CASE("every alternative is told when each fails") {
    CHECK(
        refused("a 1; depends: x | y\nx 1; depends: none\ny 1; conflicts: a", "a") ==
        "you asked for a\na depends on x | y\nx depends on none\n"
        "but none is not in any repository\nbut y and a conflict: y 1 conflicts with a");
}

TEST_CASE("of two reasons the nearer one is told") {
    CHECK(
        refused("a 1; depends: b, none\nb 1; depends: c\nc 1; depends: lost", "a") ==
        "you asked for a\na depends on none\nbut none is not in any repository");
}

TEST_CASE("requests and dependencies that are not to blame are not told") {
    CHECK(
        refused(
            "a 1; depends: d\nb 1; depends: d, e\nc 1; depends: none\nd 1\ne 1; conflicts: f\n"
            "f 1",
            "a, b, c") == "you asked for c\nc depends on none\nbut none is not in any repository");
}

TEST_CASE("versions tell packages of one name apart") {
    CHECK(
        refused("a 2; depends: none\na 1; depends: lost", "a") ==
        "you asked for a\na 2 depends on none\nbut none is not in any repository\n"
        "a 1 depends on lost\nbut lost is not in any repository");
}

TEST_CASE("a long chain of dependencies is told without end only up to a limit") {
    std::string text;
    for (int i = 0; i < 300; ++i) {
        text += "p" + std::to_string(i) + " 1; depends: p" + std::to_string(i + 1) + "\n";
    }
    const FakeUniverse universe(text);
    const auto conflict = expect_conflict(universe, {.requests = requests("p0")});
    CHECK(conflict.chain.size() == 25);
    CHECK(conflict.chain.front() == "you asked for p0");
    CHECK(conflict.chain.back() == "and 278 reasons more");
}
