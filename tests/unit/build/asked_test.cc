// SPDX-License-Identifier: Apache-2.0
// What is asked of the solver, and which locks and downloads follow from it.
#include "build/resolve.hh"
#include "fixture.hh"

namespace pare::test {

namespace {

using build::asked_of;
using build::StepNode;
using definition::PackageRequest;

constexpr const char* kMirrors[] = {"http://one.example/debian/", "https://two.example/pub/"};

std::vector<deb::Source> shorthand(const std::string& text, const std::string& mirror) {
    return deb::expand_shorthand(text, {mirror, mirror + "security/"});
}

std::vector<deb::Source> one_line(const std::string& line) {
    return {deb::parse_one_line(line, "server.yaml").value()};
}

/// A root step that asks for curl.
StepNode node_with(std::vector<deb::Source> sources) {
    StepNode node;
    node.step.name = "server";
    node.step.repositories = {"repository"};
    node.step.packages = {{.name = "curl"}};
    node.architecture = "amd64";
    node.debian_architecture = "amd64";
    node.sources = std::move(sources);
    return node;
}

StepNode node_asking(PackageRequest request) {
    StepNode node = node_with(shorthand("debian:13", kMirrors[0]));
    node.step.packages = {std::move(request)};
    return node;
}

std::string digest_of(std::vector<deb::Source> sources) {
    return asked_of(node_with(std::move(sources))).digest;
}

/// A plan of that one node.
build::Plan plan_of(StepNode node) {
    build::Plan plan;
    plan.nodes.push_back(std::make_unique<StepNode>(std::move(node)));
    return plan;
}

std::map<std::string, package::Lock> lock_of(const StepNode& node) {
    const build::Asked asked = asked_of(node);
    package::LockedStep step{
        .definition = node.step.name,
        .request = asked.digest,
        .asked = asked.words,
        .packages = {{.name = "curl", .version = "8"}}};
    return {{"server.yaml", {.architectures = {{node.architecture, {step}}}}}};
}

} // namespace

TEST_CASE("the question is the same whichever mirror a shorthand stands for") {
    CHECK(
        digest_of(shorthand("debian:13", kMirrors[0])) ==
        digest_of(shorthand("debian:13", kMirrors[1])));
}

TEST_CASE("another release, or one pinned to a date, is another question") {
    const std::string now = digest_of(shorthand("debian:13", kMirrors[0]));
    const std::string pinned = digest_of(shorthand("debian:13@20261101T000000Z", kMirrors[0]));
    const std::string later = digest_of(shorthand("debian:13@20261102T000000Z", kMirrors[0]));
    CHECK(digest_of(shorthand("debian:12", kMirrors[0])) != now);
    CHECK(pinned != now);
    CHECK(pinned != later);
    CHECK(pinned == digest_of(shorthand("debian:13@20261101T000000Z", kMirrors[1])));
}

TEST_CASE("a source that is written out stands for its own address, suite and components") {
    const std::string first = digest_of(one_line("deb http://a.example/apt stable main"));
    CHECK(digest_of(one_line("deb http://a.example/apt stable main")) == first);
    CHECK(digest_of(one_line("deb http://b.example/apt stable main")) != first);
    CHECK(digest_of(one_line("deb http://a.example/apt testing main")) != first);
    CHECK(digest_of(one_line("deb http://a.example/apt stable main contrib")) != first);
    CHECK(digest_of({}) != first);
}

TEST_CASE("which packages are asked for, and how, is part of the question") {
    const std::vector<PackageRequest> requests{
        {.name = "curl"},
        {.name = "wget"},
        {.name = "curl", .op = "=", .version = "8"},
        {.name = "curl", .op = ">=", .version = "8"},
        {.name = "curl", .op = "=", .version = "9"},
        {.name = "curl", .suite = "sid"},
        {.name = "curl", .excluded = true}};
    std::set<std::string> digests;
    for (const PackageRequest& request : requests) {
        digests.insert(asked_of(node_asking(request)).digest);
    }
    CHECK(digests.size() == requests.size());
}

TEST_CASE("which files of a package are taken, and where that is said, is no part of it") {
    const PackageRequest plain{.name = "curl"};
    const PackageRequest parts{
        .where = {.file = "x.yaml", .line = 3},
        .name = "curl",
        .include = {"usr/bin/*"},
        .strip = 1,
        .to = "/opt"};
    CHECK(asked_of(node_asking(plain)).digest == asked_of(node_asking(parts)).digest);
}

TEST_CASE("architecture, keys, repositories and what is below are part of the question") {
    const StepNode first = node_asking({.name = "curl"});
    StepNode other = node_asking({.name = "curl"});
    CHECK(asked_of(first).digest == asked_of(other).digest);
    other.architecture = "arm64";
    CHECK(asked_of(first).digest != asked_of(other).digest);
    other = node_asking({.name = "curl"});
    other.step.keyring = {"key.asc"};
    CHECK(asked_of(first).digest != asked_of(other).digest);
    other = node_asking({.name = "curl"});
    other.step.repositories.emplace_back("debian:12");
    CHECK(asked_of(first).digest != asked_of(other).digest);
}

TEST_CASE("another parent, or another question of the parent, is another question") {
    const StepNode one = node_asking({.name = "libc6"});
    const StepNode two = node_asking({.name = "libc6", .op = "=", .version = "2"});
    StepNode child = node_asking({.name = "curl"});
    const std::string alone = asked_of(child).digest;
    child.parent = &one;
    const std::string of_one = asked_of(child).digest;
    child.parent = &two;
    const std::string of_two = asked_of(child).digest;
    CHECK(alone != of_one);
    CHECK(alone != of_two);
    CHECK(of_one != of_two);
}

TEST_CASE("the question in words is what the step itself says") {
    const StepNode parent = node_asking({.name = "libc6"});
    StepNode node = node_asking({.name = "curl", .op = ">=", .version = "8"});
    node.parent = &parent;
    node.step.repositories = {"debian:13"};
    node.step.packages.push_back({.name = "wget", .suite = "sid"});
    node.step.packages.push_back({.name = "perl", .excluded = true});
    CHECK(
        asked_of(node).words == Names{"repository debian:13", "curl (>= 8)", "wget/sid", "!perl"});
}

TEST_CASE("a lock that was made for this question is taken") {
    const StepNode node = node_asking({.name = "curl"});
    build::Plan plan = plan_of(node);
    build::apply_lock(plan, lock_of(node));
    REQUIRE(plan.nodes[0]->locked.packages.size() == 1);
    CHECK(plan.nodes[0]->locked.packages[0].version == "8");
}

TEST_CASE("a lock for another question is refused, saying what changed") {
    build::Plan plan = plan_of(node_asking({.name = "wget"}));
    const auto locks = lock_of(node_asking({.name = "curl"}));
    const Error error = error_of([&] { build::apply_lock(plan, locks); });
    CHECK(error.kind() == ErrorKind::definition);
    CHECK(error.message() == "the lock does not fit the definition server: +wget -curl");
    CHECK(contains(error.hint(), "pare lock"));
    CHECK(plan.nodes[0]->locked.packages.empty());
}

TEST_CASE("a lock whose words are the same but whose parent changed is refused as well") {
    const StepNode parent = node_asking({.name = "libc6"});
    StepNode node = node_asking({.name = "curl"});
    const auto locks = lock_of(node);
    node.parent = &parent;
    build::Plan plan = plan_of(node);
    const Error error = error_of([&] { build::apply_lock(plan, locks); });
    CHECK(contains(error.message(), "the definition it comes from changed"));
}

TEST_CASE("a lock without the step or its architecture is refused, naming both") {
    StepNode node = node_asking({.name = "curl"});
    const auto locks = lock_of(node);
    node.architecture = "arm64";
    build::Plan plan = plan_of(node);
    const Error error = error_of([&] { build::apply_lock(plan, locks); });
    CHECK(error.kind() == ErrorKind::definition);
    CHECK(error.message() == "the lock has nothing for server on arm64");
    CHECK_THROWS_AS(build::apply_lock(plan, {}), Error);
}

TEST_CASE("what a lock names on Debian's public mirror is fetched from the one of this host") {
    const deb::Mirror mirror{"http://m.example/d/", "http://m.example/s/"};
    const auto url = [&](const std::string& locked) { return build::fetch_url(locked, mirror); };
    CHECK(url("http://ftp.debian.org/debian/pool/c.deb") == "http://m.example/d/pool/c.deb");
    CHECK(
        url("http://ftp.debian.org/debian-security/pool/c.deb") == "http://m.example/s/pool/c.deb");
    CHECK(url("http://other.example/pool/c.deb") == "http://other.example/pool/c.deb");
}

} // namespace pare::test
