// SPDX-License-Identifier: Apache-2.0
// What a step wants of the packages that its parents have.
#include "build_steps.hh"

namespace pare::test {

namespace {

using build::StepNode;
using definition::PackageRequest;

const PackageRequest kTool{.name = "tool"};
const PackageRequest kExtra{.name = "tool", .slice = "extra"};
const PackageRequest kAll{.name = "tool", .slice = "all"};
const PackageRequest kPart{.name = "tool", .include = {"usr/share/doc/**"}};
const PackageRequest kMoved{.name = "tool", .include = {"usr/bin/tool"}, .strip = 2, .to = "/opt"};

/// The jobs of a step on top of one that brings `tool` for these requests.
Names jobs_above(std::vector<PackageRequest> below, std::vector<PackageRequest> requests) {
    const StepNode parent = step(std::move(below), {"tool"});
    return jobs_of(step(std::move(requests), {}, &parent));
}

} // namespace

TEST_CASE("a further slice leaves below what the parents have") {
    CHECK(jobs_above({kTool}, {kExtra}) == Names{"tool: extra, below: runtime"});
    CHECK(jobs_above({kTool}, {kAll}) == Names{"tool: all, below: runtime"});
    CHECK(jobs_above({kTool}, {kTool, kExtra}) == Names{"tool: runtime extra, below: runtime"});
}

TEST_CASE("a further slice comes of the version that the parents have") {
    StepNode parent = step({kTool}, {"tool"});
    parent.locked.packages.front().version = "7";
    const auto jobs = build::cut_jobs(step({kExtra}, {}, &parent));
    REQUIRE(jobs.size() == 1);
    CHECK(jobs.front().package.version == "7");
}

TEST_CASE("what the parents have is not cut again") {
    CHECK(jobs_above({kTool}, {kTool}).empty());
    CHECK(jobs_above({kTool, kExtra}, {kExtra}).empty());
    CHECK(jobs_above({kAll}, {kExtra}).empty());
    CHECK(jobs_above({kAll}, {kPart}).empty());
    CHECK(jobs_above({kTool}, {{.name = "tool", .slice = "runtime"}}).empty());
    CHECK(jobs_above({{.name = "tool", .slice = "runtime"}}, {kTool}).empty());
}

TEST_CASE("what a slice of the child needs of the parents' packages comes along") {
    const StepNode parent = step({{.name = "helper"}}, {"helper"});
    CHECK(
        jobs_of(step({{.name = "client"}}, {"client"}, &parent)) ==
        Names{"client: runtime", "helper: data, below: runtime"});
    const StepNode has_data = step({{.name = "client"}}, {"client", "helper"});
    CHECK(jobs_of(step({{.name = "helper", .slice = "data"}}, {}, &has_data)).empty());
}

TEST_CASE("what each of several parents took is below") {
    const StepNode root = step({kTool}, {"tool"});
    const StepNode middle = step({kExtra}, {}, &root);
    CHECK(jobs_of(step({kExtra}, {}, &middle)).empty());
    CHECK(jobs_of(step({kAll}, {}, &middle)) == Names{"tool: all, below: extra runtime"});
}

TEST_CASE("a package that is excluded is not extended") {
    CHECK(jobs_above({kTool}, {{.name = "tool", .excluded = true}}).empty());
}

TEST_CASE("a name that no package has is a virtual one, or one of the base image") {
    CHECK(jobs_above({kTool}, {{.name = "mail-transport-agent"}}).empty());
}

TEST_CASE("a slice of a package that nothing brings is refused") {
    const Error error = error_of(
        [] { return jobs_above({{.name = "plain"}}, {{.name = "helper", .slice = "data"}}); });
    CHECK(error.kind() == ErrorKind::definition);
    CHECK(error.message() == "child.yaml: nothing brings helper, of which a slice is wanted");
    CHECK(error.hint() == "add helper to contents.packages");
}

TEST_CASE("a part that the parents took by globs is not the package") {
    CHECK(jobs_above({kPart}, {kTool}) == Names{"tool: runtime, below: part"});
    CHECK(jobs_above({kPart}, {kAll}) == Names{"tool: all, below: part"});
    CHECK(jobs_above({kPart}, {kExtra}) == Names{"tool: extra, below: part"});
    PackageRequest part_of_slice = kPart;
    part_of_slice.slice = "extra";
    CHECK(jobs_above({part_of_slice}, {kTool}) == Names{"tool: runtime"});
    CHECK_MESSAGE(
        jobs_above({kMoved}, {kTool}) == Names{"tool: runtime"},
        "what went to another place is not where the package has it");
}

TEST_CASE("globs take from what the parents left out, or put it to another place") {
    CHECK(jobs_above({kTool}, {kPart}) == Names{"tool: all, below: runtime"});
    CHECK(jobs_above({kTool}, {kMoved}) == Names{"tool: all, below: runtime"});
    CHECK(jobs_above({kAll}, {kMoved}) == Names{"tool: all, below: all"});
}

TEST_CASE("single locales that the parents have are not the whole package of them") {
    const PackageRequest german{
        .name = "tool", .slice = "extra", .locales = {"de_DE.UTF-8"}, .implied = true};
    PackageRequest both = german;
    both.locales.emplace_back("fr_FR.UTF-8");
    CHECK(jobs_above({german}, {both}) == Names{"tool: extra, below: extra"});
    CHECK(jobs_above({german}, {kExtra}) == Names{"tool: extra, below: extra"});
    CHECK_MESSAGE(jobs_above({kExtra}, {german}).empty(), "whoever has all has each");
}

TEST_CASE("slices that the child defines anew are not those that the parents took") {
    const StepNode parent = step({kTool}, {"tool"});
    StepNode child = step({kTool}, {}, &parent);
    child.slices =
        slices_of({"package: tool\nslices: {runtime: {include: [usr/bin/tool, etc/tool]}}\n"});
    const auto jobs = build::cut_jobs(child);
    REQUIRE(jobs.size() == 1);
    CHECK(jobs.front().selection.slices.front().include == Names{"usr/bin/tool", "etc/tool"});
    CHECK(jobs.front().selection.below.front().include == Names{"usr/bin/tool"});
}

} // namespace pare::test
