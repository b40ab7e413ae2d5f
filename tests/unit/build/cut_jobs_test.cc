// SPDX-License-Identifier: Apache-2.0
// What a step wants of which package.
#include "build/cut_jobs.hh"
#include "build_steps.hh"

#include <algorithm>

namespace pare::test {

namespace {

using build::CutJob;
using build::StepNode;
using build::WantedSlices;

/// The job for that package; the test fails when there is none.
CutJob job_for(const StepNode& node, const std::string& package) {
    const std::vector<CutJob> jobs = build::cut_jobs(node);
    const auto found =
        std::ranges::find_if(jobs, [&](const CutJob& job) { return job.package.name == package; });
    REQUIRE_MESSAGE(found != jobs.end(), package);
    return *found;
}

} // namespace

TEST_CASE("the name of a package stands for its runtime slice, NAME_SLICE for that one") {
    const StepNode node = step({{.name = "tool"}, {.name = "tool", .slice = "extra"}}, {"tool"});
    CHECK(jobs_of(node) == Names{"tool: runtime extra"});
    CHECK(jobs_of(step({{.name = "tool", .slice = "extra"}}, {"tool"})) == Names{"tool: extra"});
    CHECK(
        jobs_of(step({{.name = "tool", .slice = "all"}, {.name = "tool"}}, {"tool"})) ==
        Names{"tool: all"});
}

TEST_CASE("a package without slices comes without its documentation") {
    CHECK(jobs_of(step({{.name = "plain"}}, {"plain"})) == Names{"plain: undocumented"});
}

TEST_CASE("a package that nobody names comes as its name says") {
    CHECK(
        jobs_of(step({{.name = "plain"}}, {"plain", "tool"})) ==
        Names{"plain: undocumented", "tool: runtime"});
}

TEST_CASE("slices bring those that they need, and what these need in turn") {
    const StepNode node = step({{.name = "tool", .slice = "plugins"}}, {"helper", "other", "tool"});
    CHECK(
        build::wanted_slices(node, {}) ==
        WantedSlices{{"helper", {"data"}}, {"other", {""}}, {"tool", {"plugins", "extra"}}});
}

TEST_CASE("a package that another one's slice needs a part of still comes as its own name says") {
    const StepNode node = step({{.name = "tool", .slice = "plugins"}}, {"helper", "other", "tool"});
    CHECK(
        jobs_of(node) ==
        Names{"helper: runtime data", "other: undocumented", "tool: extra plugins"});
}

TEST_CASE("what a package needs by its runtime slice is wanted as well") {
    CHECK(
        build::wanted_slices(step({}, {}), {{.name = "client"}}) ==
        WantedSlices{{"helper", {"data"}}});
}

TEST_CASE("of an excluded package nothing is wanted") {
    const StepNode node = step({{.name = "tool", .excluded = true}, {.name = "plain"}}, {"plain"});
    CHECK(build::wanted_slices(node, {}) == WantedSlices{{"plain", {""}}});
    CHECK(jobs_of(node) == Names{"plain: undocumented"});
}

TEST_CASE("a slice that is not there is refused, naming those that are") {
    const Error error =
        error_of([] { return jobs_of(step({{.name = "tool", .slice = "extras"}}, {"tool"})); });
    CHECK(error.kind() == ErrorKind::definition);
    CHECK(error.message() == "there is no slice 'tool_extras'");
    CHECK(error.hint() == "there is tool_all, tool_runtime, tool_extra, tool_plugins");
}

TEST_CASE("who gives globs of his own chooses from all files, or from those of the slice named") {
    const definition::PackageRequest part{
        .name = "tool", .include = {"usr/share/doc/**"}, .strip = 2, .to = "/srv"};
    const CutJob job = job_for(step({part}, {"tool"}), "tool");
    CHECK(job.selection.slices == std::vector{cut::everything()});
    CHECK(job.selection.include == part.include);
    CHECK(job.selection.strip == 2);
    CHECK(job.selection.to == "/srv");
    definition::PackageRequest of_slice = part;
    of_slice.slice = "extra";
    CHECK(jobs_of(step({of_slice}, {"tool"})) == Names{"tool: extra"});
}

TEST_CASE("a package of which globs take a part is asked for once, for one of two would be lost") {
    const definition::PackageRequest part{
        .where = {.file = "server.yaml", .line = 3}, .name = "tool", .include = {"usr/bin/*"}};
    const definition::PackageRequest other{
        .where = part.where, .name = "tool", .include = {"usr/lib/*"}, .to = "/opt"};
    for (const definition::PackageRequest& second :
         {definition::PackageRequest{.name = "tool"},
          definition::PackageRequest{.name = "tool", .slice = "extra"}, other}) {
        for (const StepNode& node :
             {step({part, second}, {"tool"}), step({second, part}, {"tool"})}) {
            const Error error = error_of([&] { return build::wanted_slices(node, {}); });
            CHECK(error.kind() == ErrorKind::definition);
            CHECK(error.message() == "tool is asked for twice, and 'include' takes a part of it");
            CHECK(contains(error.hint(), "one entry"));
            CHECK(error.where() == part.where);
        }
    }
    const definition::PackageRequest implied{.name = "tool", .slice = "extra", .implied = true};
    CHECK_NOTHROW(jobs_of(step({part, {.name = "plain"}, implied}, {"plain", "tool"})));
}

TEST_CASE("single locales are taken out of their package, unless that is named itself") {
    const definition::PackageRequest implied{
        .name = "tool", .slice = "extra", .locales = {"de_DE.UTF-8"}, .implied = true};
    CHECK(job_for(step({implied}, {"tool"}), "tool").selection.locales == Names{"de_DE.UTF-8"});
    const CutJob named = job_for(step({implied, {.name = "tool"}}, {"tool"}), "tool");
    CHECK(named.selection.locales.empty());
}

TEST_CASE("what finishers read is kept, what they make is left out of the package") {
    const auto globs = [](const std::string& package, bool makes_os_release) {
        StepNode node = step({{.name = package}}, {package});
        if (makes_os_release) {
            node.step.os_release = {{"NAME", "mine"}};
        }
        return job_for(node, package).selection;
    };
    const auto has = [](const Names& names, const char* name) {
        return std::ranges::find(names, name) != names.end();
    };
    CHECK(has(globs("base-files", false).reads, "usr/lib/os-release"));
    CHECK(has(globs("base-files", true).leave_out, "usr/lib/os-release"));
    CHECK(!has(globs("base-files", false).leave_out, "usr/lib/os-release"));
    CHECK(!has(globs("plain", true).leave_out, "usr/lib/os-release"));
    CHECK(has(globs("plain", false).reads, "etc/ld.so.conf.d/*"));
}

TEST_CASE("a dependency that only left out files have is left out, and it is said why") {
    const StepNode node = step({{.name = "tool"}}, {});
    const auto reason = [&](const WantedSlices& wanted, const Names& names) {
        package::Alternatives dependency;
        for (const std::string& name : names) {
            dependency.push_back({.name = name});
        }
        return build::left_out_by_slices(node, wanted, "tool", dependency);
    };
    CHECK(reason({{"tool", {""}}}, {"perl"}) == "only files that its slices leave out need it");
    CHECK_MESSAGE(reason({}, {"perl"}), "a package that nothing is said of comes as its name says");
    CHECK(reason({{"tool", {""}}}, {"perl", "perl-base"}));
    CHECK_MESSAGE(!reason({{"tool", {""}}}, {"perl", "python3"}), "every alternative must be such");
    CHECK_MESSAGE(!reason({{"tool", {"", "extra"}}}, {"perl"}), "and every slice must do without");
    CHECK(!reason({{"tool", {"all"}}}, {"perl"}));
}

} // namespace pare::test
