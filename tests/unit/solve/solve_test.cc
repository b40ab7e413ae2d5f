// SPDX-License-Identifier: Apache-2.0
// What is chosen: each rule of apt's order of choice, and each point where pare goes beyond apt.
#include "support/error.hh"
#include "unit/solve/helpers.hh"

using namespace pare;
using namespace pare::test;

TEST_CASE("a request brings what it depends on, and nothing else") {
    CHECK(chosen("a 1; depends: b, c\nb 1; depends: c\nc 1\nd 1", "a") == "a 1, b 1, c 1");
    CHECK(chosen("a 1", "a") == "a 1");
}

TEST_CASE("no request gives an empty solution") {
    const FakeUniverse universe("a 1");
    CHECK(expect_solution(universe, {}).packages.empty());
}

TEST_CASE("requests are met in their order, all before any dependency") {
    CHECK(chosen("a 1; depends: x\nb 1\nx 1", "b, a") == "b 1, a 1, x 1");
    CHECK(chosen("a 1; depends: x | y\nx 1\ny 1", "a, y") == "a 1, y 1");
}

TEST_CASE("dependencies are followed depth first") {
    CHECK(chosen("a 1; depends: b, c\nb 1; depends: d\nc 1\nd 1", "a") == "a 1, b 1, d 1, c 1");
}

TEST_CASE("pre-dependencies are followed before dependencies") {
    CHECK(chosen("a 1; depends: b; pre-depends: c\nb 1\nc 1", "a") == "a 1, c 1, b 1");
}

TEST_CASE("alternatives are tried from left to right") {
    CHECK(chosen("a 1; depends: x | y\nx 1\ny 1", "a") == "a 1, x 1");
    CHECK(chosen("a 1; depends: none | y\ny 1", "a") == "a 1, y 1");
    CHECK(chosen("a 1; depends: x (>= 2) | y\nx 1\ny 1", "a") == "a 1, y 1");
    CHECK(chosen("a 1; depends: x | y\nx 1; depends: none\ny 1", "a") == "a 1, y 1");
}

TEST_CASE("a group is met by what was chosen before") {
    CHECK(chosen("a 1; depends: y, x | y\nx 1\ny 1", "a") == "a 1, y 1");
}

TEST_CASE("a group is not met by what is chosen only later") {
    CHECK(chosen("a 1; depends: x | y, y\nx 1\ny 1", "a") == "a 1, x 1, y 1");
}

TEST_CASE("the highest version wins") {
    CHECK(chosen("a 1.9\na 1.10\na 1.2", "a") == "a 1.10");
}

TEST_CASE("a lower version is taken when the highest does not fit") {
    CHECK(chosen("a 2; depends: none\na 1", "a") == "a 1");
    CHECK(chosen("a 2\na 1\nb 1; depends: a (<< 2)", "a, b") == "a 1, b 1");
}

TEST_CASE("only one version of a name is chosen") {
    CHECK(
        refused("a 2\na 1\nb 1; depends: a (= 1)\nc 1; depends: a (= 2)", "b, c") ==
        "you asked for b\nb depends on a (= 1)\nyou asked for c\nc depends on a (= 2)\n"
        "but there can be only one a: 1 or 2");
}

TEST_CASE("all operators of versions are honoured") {
    const std::string three = "a 1\na 2\na 3";
    CHECK(chosen(three, "a (<< 2)") == "a 1");
    CHECK(chosen(three, "a (<= 2)") == "a 2");
    CHECK(chosen(three, "a (= 2)") == "a 2");
    CHECK(chosen(three, "a (>= 2)") == "a 3");
    CHECK(chosen(three, "a (>> 2)") == "a 3");
}

TEST_CASE("a real package comes before those that provide its name") {
    CHECK(chosen("p 1; provides: v; priority: required\nv 1\na 1; depends: v", "a") == "a 1, v 1");
}

TEST_CASE("providers come by Essential, then Priority, then place in the index") {
    CHECK(chosen("p 1; provides: v\nq 1; provides: v\na 1; depends: v", "a") == "a 1, p 1");
    CHECK(
        chosen("p 1; provides: v; priority: extra\nq 1; provides: v\na 1; depends: v", "a") ==
        "a 1, q 1");
    CHECK(
        chosen(
            "p 1; provides: v; priority: required\nq 1; provides: v; essential: yes\n"
            "a 1; depends: v",
            "a") == "a 1, q 1");
    CHECK(
        chosen(
            "p 1; provides: v; priority: standard\nq 1; provides: v; priority: important\n"
            "a 1; depends: v",
            "a") == "a 1, q 1");
}

TEST_CASE("of one provider the highest version is taken, at the place of its first") {
    CHECK(
        chosen("p 1; provides: v\nq 1; provides: v\np 2; provides: v\na 1; depends: v", "a") ==
        "a 1, p 2");
}

TEST_CASE("a dependency with a version needs a Provides with a version") {
    CHECK(chosen("p 1; provides: v (= 3)\na 1; depends: v (>= 2)", "a") == "a 1, p 1");
    CHECK(
        refused("p 5; provides: v\na 1; depends: v (>= 2)", "a") ==
        "you asked for a\na depends on v (>= 2)\n"
        "but v is a virtual package that nothing provides in such a version (p without)");
    CHECK(chosen("p 1; provides: v (= 3)\na 1; depends: v", "a") == "a 1, p 1");
}

TEST_CASE("a package can meet its own dependency by what it provides") {
    CHECK(chosen("a 1; provides: v; depends: v\nv 1", "a") == "a 1");
}

TEST_CASE("cycles of dependencies end") {
    CHECK(chosen("a 1; depends: b\nb 1; depends: a", "a") == "a 1, b 1");
}

TEST_CASE("conflicts and breaks exclude") {
    CHECK(chosen("a 1; depends: x | y\nx 1; conflicts: b\ny 1\nb 1", "b, a") == "b 1, a 1, y 1");
    CHECK(
        chosen("a 1; depends: x | y\nx 1; breaks: b (<< 2)\ny 1\nb 1", "b, a") == "b 1, a 1, y 1");
    CHECK(
        chosen("a 1; depends: x | y\nx 1; breaks: b (<< 2)\ny 1\nb 2", "b, a") == "b 2, a 1, x 1");
    CHECK(chosen("a 1; depends: x | y\nx 1\ny 1\nb 1; conflicts: x", "b, a") == "b 1, a 1, y 1");
}

TEST_CASE("a conflict with a virtual name excludes its other providers, not the package itself") {
    const std::string two = "p 1; provides: v; conflicts: v\nq 1; provides: v; conflicts: v";
    CHECK(chosen(two, "p") == "p 1");
    CHECK(
        refused(two, "p, q") == "you asked for p\nyou asked for q\n"
                                "but p and q conflict: p 1 conflicts with v, which q provides");
}

TEST_CASE("a conflict with a version does not touch a Provides without one") {
    CHECK(chosen("a 1; conflicts: v (<< 2)\np 1; provides: v", "a, p") == "a 1, p 1");
}

TEST_CASE("a conflict with other versions of the same package is no conflict with itself") {
    CHECK(chosen("a 2; conflicts: a (<< 3)", "a") == "a 2");
}

TEST_CASE("qualifiers are left to the universe") {
    CHECK(chosen("a 1; depends: b:any, c:native\nb 1\nc 1", "a") == "a 1, b 1, c 1");
    CHECK(chosen("a 1; depends: b:arm64 | c\nb 1\nc 1", "a") == "a 1, c 1");
    CHECK(
        refused("a 1; depends: b:arm64\nb 1", "a") ==
        "you asked for a\na depends on b:arm64\nbut the archive has b for no such architecture");
}

TEST_CASE("a wrong choice far up is taken back") {
    CHECK(
        chosen(
            "a 1; depends: x | y, z\nx 1; depends: m\ny 1\nm 1; conflicts: n\n"
            "z 1; depends: n\nn 1",
            "a") == "a 1, y 1, z 1, n 1");
}

TEST_CASE("a request can be virtual, and is then met by another request") {
    CHECK(chosen("p 1; provides: v\nq 1; provides: v", "v") == "p 1");
    CHECK(chosen("p 1; provides: v\nq 1; provides: v", "v, q") == "q 1");
}

TEST_CASE("a request for a real name is not met by a provider") {
    CHECK(chosen("p 1; provides: v\nv 1", "p, v") == "p 1, v 1");
    CHECK(
        refused("p 1; provides: v (= 2)\nv 1", "v (= 2)") ==
        "you asked for v (= 2)\nbut the archive has v 1");
}

TEST_CASE("a request can name a suite") {
    const std::string two = "a 1; suite: trixie\na 2; suite: trixie-backports";
    CHECK(chosen(two, "a") == "a 2");
    CHECK(chosen(two, "a/trixie") == "a 1");
    CHECK(
        refused(two, "a/sid") == "you asked for a/sid\nbut sid does not have it, the archive "
                                 "has a 2 (trixie-backports), a 1 (trixie)");
}

TEST_CASE("what is forbidden is not chosen, and another alternative is") {
    const FakeUniverse universe("a 1; depends: x | y\nx 1\ny 1");
    const auto solution =
        expect_solution(universe, {.requests = requests("a"), .forbidden = {{.name = "x"}}});
    CHECK(words(universe, solution) == "a 1, y 1");
    CHECK(solution.omitted.empty());
}

TEST_CASE("a dependency that only forbidden packages meet is waived and recorded") {
    const FakeUniverse universe("a 1; depends: x | none, z\nx 1\nz 1");
    const auto solution =
        expect_solution(universe, {.requests = requests("a"), .forbidden = {{.name = "x"}}});
    CHECK(words(universe, solution) == "a 1, z 1");
    REQUIRE(solution.omitted.size() == 1);
    CHECK(solution.omitted[0].by == universe.find("a"));
    CHECK(solution.omitted[0].relation == "x | none");
    CHECK(solution.omitted[0].why == "excluded by the definition");
}

TEST_CASE("a dependency is waived when its allowed alternative cannot be installed") {
    const FakeUniverse universe("a 1; depends: x | y\nx 1\ny 1; conflicts: a");
    const auto solution =
        expect_solution(universe, {.requests = requests("a"), .forbidden = {{.name = "x"}}});
    CHECK(words(universe, solution) == "a 1");
    CHECK(solution.omitted.size() == 1);
}

TEST_CASE("forbidding some versions leaves the others") {
    const FakeUniverse universe("a 2\na 1");
    const solve::Problem problem{
        .requests = requests("a"), .forbidden = {parse_relation("a (>= 2)")}};
    CHECK(words(universe, expect_solution(universe, problem)) == "a 1");
}

TEST_CASE("asking for what is forbidden is a conflict") {
    const FakeUniverse universe("a 1");
    const auto conflict =
        expect_conflict(universe, {.requests = requests("a"), .forbidden = {{.name = "a"}}});
    CHECK(
        conflict.chain ==
        std::vector<std::string>{"you asked for a", "but the definition excludes a"});
}

TEST_CASE("what is installed is not chosen again, and its dependencies are not asked about") {
    const FakeUniverse universe("a 1; depends: b\nb 1; depends: c, none\nc 1");
    const solve::Problem problem{.requests = requests("a"), .installed = {universe.find("b")}};
    CHECK(words(universe, expect_solution(universe, problem)) == "a 1");
}

TEST_CASE("what is installed meets a group before its first alternative") {
    const FakeUniverse universe("a 1; depends: x | y\nx 1\ny 1");
    const solve::Problem problem{.requests = requests("a, y"), .installed = {universe.find("y")}};
    CHECK(words(universe, expect_solution(universe, problem)) == "a 1");
}

TEST_CASE("what is installed excludes other versions of its name and what it conflicts with") {
    const FakeUniverse universe(
        "a 1; depends: b (>= 2)\nb 2\nb 1\nc 1; conflicts: d\nd 1; depends: b");
    const auto version =
        expect_conflict(universe, {.requests = requests("a"), .installed = {universe.find("b 1")}});
    CHECK(
        join(version.chain, "\n") ==
        "you asked for a\na depends on b (>= 2)\nbut the base image has b 1");
    const auto conflict =
        expect_conflict(universe, {.requests = requests("d"), .installed = {universe.find("c")}});
    CHECK(
        join(conflict.chain, "\n") == "you asked for d\nthe base image has c 1\n"
                                      "but c and d conflict: c 1 conflicts with d");
}

TEST_CASE("installed packages that conflict with each other are not questioned") {
    const FakeUniverse universe("a 1; conflicts: b\nb 1\nc 1");
    const solve::Problem problem{
        .requests = requests("c"), .installed = {universe.find("a"), universe.find("b")}};
    CHECK(words(universe, expect_solution(universe, problem)) == "c 1");
}

TEST_CASE("a dependency that is to be left out is recorded with its reason") {
    const FakeUniverse universe("a 1; depends: debconf, b\nb 1\ndebconf 1");
    const auto omit = [](const package::Package& package, const package::Alternatives& group) {
        return package.name == "a" && group.front().name == "debconf"
                   ? std::optional<std::string>("scripts are not run")
                   : std::nullopt;
    };
    const auto solution = expect_solution(universe, {.requests = requests("a"), .omit = omit});
    CHECK(words(universe, solution) == "a 1, b 1");
    REQUIRE(solution.omitted.size() == 1);
    CHECK(solution.omitted[0].relation == "debconf");
    CHECK(solution.omitted[0].why == "scripts are not run");
    const auto both = expect_solution(universe, {.requests = requests("a, debconf"), .omit = omit});
    CHECK(words(universe, both) == "a 1, debconf 1, b 1");
    CHECK(both.omitted.empty());
}

TEST_CASE("each chosen package has the reason for which it was chosen first") {
    const FakeUniverse universe("a 1; depends: x (>= 1) | y, b\nx 1\ny 1\nb 1; depends: x");
    const auto solution = expect_solution(universe, {.requests = requests("a (>= 1)")});
    REQUIRE(words(universe, solution) == "a 1, x 1, b 1");
    CHECK_FALSE(solution.packages[0].reason.by.has_value());
    CHECK(solution.packages[0].reason.relation == "a (>= 1)");
    CHECK(solution.packages[1].reason.by == universe.find("a"));
    CHECK(solution.packages[1].reason.relation == "x (>= 1) | y");
}

TEST_CASE("a request to stop is obeyed") {
    const FakeUniverse universe("a 1");
    std::stop_source stop;
    stop.request_stop();
    const auto run = [&] {
        return solve::solve(universe, {.requests = requests("a")}, stop.get_token());
    };
    CHECK_THROWS_AS(run(), Error);
}
