// SPDX-License-Identifier: Apache-2.0
// What the key of an image depends on, and what it does not.
#include "build/identity.hh"
#include "fixture.hh"

#include <functional>
#include <map>

namespace pare::test {

namespace {

using build::Identity;
using build::step_identity;
using definition::Healthcheck;
using definition::PackageRequest;
using definition::PathMutation;
using definition::PathType;
using definition::Step;

using Change = std::function<void(Step&)>;

/// A step in which everything is set, so that every change is one to something.
Step full_step() {
    Step step;
    step.name = "server";
    step.repositories = {"debian:13"};
    step.keyring = {"key.asc"};
    step.packages = {
        {.name = "libc6", .op = "=", .version = "2", .suite = "sid", .include = {"a"}, .to = "/b"}};
    step.archives = {
        {.name = "a",
         .url = "https://a",
         .version = "1",
         .arch_names = {{"amd64", "x"}},
         .sha256 = {{"amd64", "0"}},
         .include = {"b"},
         .to = "/c"}};
    step.files = {{.content = "text", .to = "/etc/x"}};
    step.paths = {{.type = PathType::symlink, .path = "/a", .source = "/b", .mode = 0777}};
    step.users = {{.name = "u", .uid = 1, .gid = 2, .home = "/u", .shell = "/sh"}};
    step.groups = {{.name = "g", .gid = 2, .members = {"u"}}};
    step.run_as = "u";
    step.entrypoint = Names{"/server"};
    step.cmd = Names{"--port", "80"};
    step.work_dir = "/srv";
    step.stop_signal = "SIGINT";
    step.environment = {{"A", "1"}};
    step.annotations = {{"B", "2"}};
    step.os_release = {{"C", "3"}};
    step.timezone = "UTC";
    step.locales = {"de_DE"};
    step.volumes = {"/data"};
    step.ports = {"80/tcp"};
    step.healthcheck = {.test = {"CMD", "x"}, .interval = "1s", .timeout = "2s"};
    step.layer_budget = 3;
    return step;
}

/// Every change gives an identity of its own, other than the one without a change.
void check_all_differ(const std::vector<Change>& changes) {
    std::map<std::string, std::size_t> seen{{step_identity(full_step()), changes.size()}};
    for (std::size_t i = 0; i < changes.size(); ++i) {
        CAPTURE(i);
        Step step = full_step();
        changes[i](step);
        const auto [place, is_new] = seen.emplace(step_identity(step), i);
        CHECK_MESSAGE(is_new, "as change ", place->second);
    }
}

/// The identity of values that `add` adds.
std::string identity_of(const std::function<void(Identity&)>& add) {
    Identity identity("test 1");
    add(identity);
    return identity.hex();
}

} // namespace

TEST_CASE("every field of a package request that changes an image changes the identity") {
    check_all_differ(
        {[](Step& step) { step.packages.clear(); },
         [](Step& step) { step.packages.push_back(step.packages.front()); },
         [](Step& step) { step.packages[0].name = "libc7"; },
         [](Step& step) { step.packages[0].slice = "gconv"; },
         [](Step& step) { step.packages[0].op = ">="; },
         [](Step& step) { step.packages[0].version = "3"; },
         [](Step& step) { step.packages[0].suite = "trixie"; },
         [](Step& step) { step.packages[0].excluded = true; },
         [](Step& step) { step.packages[0].include = {"a", "b"}; },
         [](Step& step) { step.packages[0].include.clear(); },
         [](Step& step) { step.packages[0].strip = 1; },
         [](Step& step) { step.packages[0].to = "/c"; }});
}

TEST_CASE("every field of an archive that changes an image changes the identity") {
    check_all_differ(
        {[](Step& step) { step.archives.clear(); },
         [](Step& step) { step.archives.push_back(step.archives.front()); },
         [](Step& step) { step.archives[0].name = "b"; },
         [](Step& step) { step.archives[0].url = "https://b"; },
         [](Step& step) { step.archives[0].version = "2"; },
         [](Step& step) { step.archives[0].arch_names["amd64"] = "y"; },
         [](Step& step) { step.archives[0].sha256["amd64"] = "1"; },
         [](Step& step) { step.archives[0].strip = 1; },
         [](Step& step) { step.archives[0].include = {"c"}; },
         [](Step& step) { step.archives[0].to = "/d"; }});
}

TEST_CASE("every field of a path, an account and a group changes the identity") {
    check_all_differ(
        {[](Step& step) { step.paths.clear(); },
         [](Step& step) { step.paths[0].type = PathType::hard_link; },
         [](Step& step) { step.paths[0].path = "/c"; },
         [](Step& step) { step.paths[0].source = "/c"; },
         [](Step& step) { step.paths[0].mode = 0755; },
         [](Step& step) { step.paths[0].mode.reset(); }, [](Step& step) { step.paths[0].uid = 0; },
         [](Step& step) { step.paths[0].gid = 0; },
         [](Step& step) { step.paths[0].recursive = true; }, [](Step& step) { step.users.clear(); },
         [](Step& step) { step.users[0].name = "v"; }, [](Step& step) { step.users[0].uid = 3; },
         [](Step& step) { step.users[0].gid = 3; }, [](Step& step) { step.users[0].home = "/v"; },
         [](Step& step) { step.users[0].shell = "/v"; }, [](Step& step) { step.groups.clear(); },
         [](Step& step) { step.groups[0].name = "h"; }, [](Step& step) { step.groups[0].gid = 3; },
         [](Step& step) { step.groups[0].members.clear(); }});
}

TEST_CASE("every word on how an image runs changes the identity") {
    check_all_differ(
        {[](Step& step) { step.run_as = "v"; },
         [](Step& step) { step.run_as.reset(); },
         [](Step& step) { step.entrypoint = Names{}; },
         [](Step& step) { step.entrypoint.reset(); },
         [](Step& step) { step.cmd = Names{"--port 80"}; },
         [](Step& step) { step.cmd = Names{}; },
         [](Step& step) { step.cmd.reset(); },
         [](Step& step) { step.work_dir = "/"; },
         [](Step& step) { step.work_dir.reset(); },
         [](Step& step) { step.stop_signal = "SIGTERM"; },
         [](Step& step) { step.stop_signal.reset(); },
         [](Step& step) { step.environment["A"] = "2"; },
         [](Step& step) { step.environment["B"] = "1"; },
         [](Step& step) { step.annotations["B"] = "3"; },
         [](Step& step) { step.annotations.clear(); },
         [](Step& step) { step.volumes = {"/data", "/more"}; },
         [](Step& step) { step.ports = {"80/udp"}; },
         [](Step& step) { step.healthcheck.reset(); },
         [](Step& step) { step.healthcheck->test = {"CMD x"}; },
         [](Step& step) { step.healthcheck->interval = "2s"; },
         [](Step& step) { step.healthcheck->timeout = "1s"; },
         [](Step& step) { step.healthcheck->start_period = "1s"; },
         [](Step& step) { step.healthcheck->probe = "tcp://[::1]:1"; },
         [](Step& step) { step.healthcheck->status = "200"; },
         [](Step& step) { step.healthcheck->retries = 1; }});
}

TEST_CASE("all else that a step says changes the identity") {
    check_all_differ(
        {[](Step& step) { step.name = "client"; },
         [](Step& step) { step.repositories = {"debian:12"}; },
         [](Step& step) { step.repositories.clear(); }, [](Step& step) { step.keyring.clear(); },
         [](Step& step) { step.slices = {"/my"}; }, [](Step& step) { step.files.clear(); },
         [](Step& step) { step.timezone = "CET"; }, [](Step& step) { step.timezone.reset(); },
         [](Step& step) { step.locales.emplace_back("de_AT"); },
         [](Step& step) { step.packages[0].locales.emplace_back("de_AT"); },
         [](Step& step) { step.zoneinfo = definition::ZoneFiles::fat; },
         [](Step& step) { step.zoneinfo = definition::ZoneFiles::slim; },
         [](Step& step) { step.os_release["C"] = "4"; }, [](Step& step) { step.layer_budget = 4; },
         [](Step& step) { step.layer_budget = 0; }, [](Step& step) { step.layer_budget.reset(); }});
}

TEST_CASE("the same text in another field is another identity") {
    const std::vector<Change> moves{
        [](Step& step) { step.repositories = {"x"}; },
        [](Step& step) { step.keyring = {"x"}; },
        [](Step& step) { step.packages = {{.name = "x"}}; },
        [](Step& step) { step.run_as = "x"; },
        [](Step& step) { step.entrypoint = {"x"}; },
        [](Step& step) { step.cmd = {"x"}; },
        [](Step& step) { step.work_dir = "x"; },
        [](Step& step) { step.stop_signal = "x"; },
        [](Step& step) { step.volumes = {"x"}; },
        [](Step& step) { step.ports = {"x"}; },
        [](Step& step) { step.name = "x"; },
        [](Step& step) { step.environment = {{"x", ""}}; },
        [](Step& step) { step.annotations = {{"x", ""}}; },
        [](Step& step) { step.os_release = {{"x", ""}}; },
        [](Step& step) { step.healthcheck = Healthcheck{}; }};
    std::map<std::string, std::size_t> seen{{step_identity(Step{}), moves.size()}};
    for (std::size_t i = 0; i < moves.size(); ++i) {
        CAPTURE(i);
        Step step;
        moves[i](step);
        CHECK(seen.emplace(step_identity(step), i).second);
    }
}

TEST_CASE("where a definition lies, and on which line it says something, changes no image") {
    Step step = full_step();
    step.directory = "/home/somebody";
    step.packages[0].where = {.file = "server.yaml", .line = 7, .column = 3};
    step.paths[0].where = {.file = "server.yaml", .line = 9, .column = 3};
    CHECK(step_identity(step) == step_identity(full_step()));
}

TEST_CASE("sequences of values that differ never have one identity") {
    const std::vector<std::function<void(Identity&)>> sequences{
        [](Identity& identity) { identity.add("ab").add("c"); },
        [](Identity& identity) { identity.add("a").add("bc"); },
        [](Identity& identity) { identity.add("abc"); },
        [](Identity& identity) { identity.add("abc").add(""); },
        [](Identity& identity) { identity.add(Names{"abc"}); },
        [](Identity& identity) { identity.add(Names{}).add(Names{}); },
        [](Identity& identity) { identity.add(Names{"a", "b"}).add(Names{}); },
        [](Identity& identity) { identity.add(Names{"a"}).add(Names{"b"}); },
        [](Identity& identity) { identity.add("1"); },
        [](Identity& identity) { identity.add(std::uint64_t{1}); },
        [](Identity& identity) { identity.add(std::uint64_t{11}); },
        [](Identity& identity) { identity.add(std::uint64_t{1}).add(std::uint64_t{1}); },
        [](Identity& identity) { identity.add(std::optional<std::string>{}); },
        [](Identity& identity) { identity.add(std::optional<std::string>{""}); },
        [](Identity&) {}};
    std::map<std::string, std::size_t> seen{{Identity("test 2").hex(), sequences.size()}};
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        CAPTURE(i);
        CHECK(seen.emplace(identity_of(sequences[i]), i).second);
        CHECK(identity_of(sequences[i]) == identity_of(sequences[i]));
    }
}

} // namespace pare::test
