// SPDX-License-Identifier: Apache-2.0
// From a request to the steps that have to be made.
#include "build/plan.hh"
#include "fixture.hh"

namespace pare::test {

namespace {

using build::make_plan;
using build::Plan;
using build::StepNode;

/// Two definitions on one base, in files.
class Definitions {
public:
    Definitions() {
        write("base.yaml", "contents: {packages: [libc6]}\narchs: [amd64, arm64]\n");
        write("one.yaml", "from: ./base.yaml\ncontents: {packages: [curl]}\n");
        write("two.yaml", "from: ./base.yaml\ncontents: {packages: [wget]}\n");
    }

    void write(const std::string& name, const std::string& text) const {
        write_file(directory_.path() / name, text);
    }

    [[nodiscard]] std::string path(const std::string& name) const {
        return (directory_.path() / name).string();
    }

    /// The plan for these definitions and architectures.
    [[nodiscard]] Plan plan(const Names& names, const Names& archs = {"amd64"}) const {
        build::Request request{.archs = archs, .mirror = "http://m.example/debian/"};
        for (const std::string& name : names) {
            request.definitions.push_back(path(name));
        }
        return make_plan(request, Workshop().tools());
    }

private:
    TemporaryDirectory directory_;
};

Names uris_of(const StepNode& node) {
    Names uris;
    for (const deb::Source& source : node.sources) {
        uris.push_back(source.uri + " " + source.suite);
    }
    return uris;
}

} // namespace

TEST_CASE("a step that two images have in common is one node") {
    const Plan plan = Definitions().plan({"one.yaml", "two.yaml"});
    REQUIRE(plan.targets.size() == 2);
    CHECK(plan.nodes.size() == 3);
    const StepNode* one = plan.targets[0].last;
    const StepNode* two = plan.targets[1].last;
    CHECK(one != two);
    CHECK(one->parent == two->parent);
    CHECK(build::path_to(one) == std::vector<const StepNode*>{one->parent, one});
    CHECK(plan.nodes.front().get() == one->parent);
}

TEST_CASE("each architecture has nodes and targets of its own, in the order asked for") {
    const Plan plan = Definitions().plan({"one.yaml"}, {"arm64", "amd64"});
    REQUIRE(plan.targets.size() == 2);
    CHECK(plan.nodes.size() == 4);
    CHECK(plan.targets[0].architecture == "arm64");
    CHECK(plan.targets[0].last->debian_architecture == "arm64");
    CHECK(plan.targets[1].last->architecture == "amd64");
    CHECK(Definitions().plan({"one.yaml"}, {"all"}).targets.size() == 2);
}

TEST_CASE("an architecture that a definition is not made for is refused, naming those it is") {
    const Error error = error_of([] { (void)Definitions().plan({"one.yaml"}, {"riscv64"}); });
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(contains(error.message(), "is not made for riscv64"));
    CHECK(error.hint() == "it is made for amd64, arm64");
}

TEST_CASE("a root without repositories takes the release's suites from the mirror") {
    const Plan plan = Definitions().plan({"base.yaml"});
    CHECK(
        uris_of(*plan.nodes.front()) == Names{
                                            "http://m.example/debian/ trixie",
                                            "http://m.example/debian/ trixie-updates",
                                            "http://m.example/debian-security/ trixie-security"});
}

TEST_CASE("a step adds its repositories to those of its parent, each once, with its keys") {
    const Definitions definitions;
    definitions.write("key.asc", "key");
    const std::string line = "deb https://apt.example/ stable main";
    definitions.write(
        "three.yaml", "from: ./base.yaml\ncontents:\n  repositories: [debian:13, '" + line +
                          "', '" + line + "']\n  keyring: [key.asc]\n");
    const Plan plan = definitions.plan({"three.yaml"});
    const StepNode* last = plan.targets.front().last;
    CHECK(last->parent->sources.size() == 3);
    REQUIRE(last->sources.size() == 4);
    CHECK(last->sources[3].uri == "https://apt.example/");
    CHECK(last->sources[3].signed_by == Names{definitions.path("key.asc")});
}

TEST_CASE("what is no repository is refused with what to write") {
    const Definitions definitions;
    definitions.write("bad.yaml", "contents: {repositories: ['https://apt.example/']}\n");
    const Error error = error_of([&] { (void)definitions.plan({"bad.yaml"}); });
    CHECK(error.kind() == ErrorKind::definition);
    CHECK(contains(error.message() + error.hint(), "apt.example"));
}

TEST_CASE("slices of a step's own are known from there on, and not below") {
    const Definitions definitions;
    make_directories(definitions.path("my"));
    definitions.write("my/curl.yaml", "package: curl\nslices: {tiny: {include: [usr/bin/curl]}}\n");
    definitions.write("sliced.yaml", "from: ./base.yaml\ncontents: {slices: [./my]}\n");
    definitions.write("child.yaml", "from: ./sliced.yaml\n");
    const Plan plan = definitions.plan({"child.yaml"});
    const auto path = build::path_to(plan.targets.front().last);
    REQUIRE(path.size() == 3);
    CHECK(path[0]->slices->find("curl") == nullptr);
    REQUIRE(path[1]->slices->find("curl") != nullptr);
    CHECK(path[1]->slices->find("curl")->find("tiny") != nullptr);
    CHECK(path[2]->slices == path[1]->slices);
    CHECK(path[0]->slices->digest() != path[1]->slices->digest());
}

} // namespace pare::test
