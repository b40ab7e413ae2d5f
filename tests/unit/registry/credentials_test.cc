// SPDX-License-Identifier: Apache-2.0
#include "registry/credentials.hh"
#include "support/base64.hh"
#include "support/expect.hh"
#include "support/files.hh"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <map>

using namespace pare;
using namespace pare::registry;
using pare::test::contains;
using pare::test::error_of;

namespace {

Credentials
found(const std::string& config, const std::string& host, const std::string& repository = {}) {
    return find_in_config(config, host, repository, "test").credentials;
}

std::string auth(const std::string& pair) {
    return R"({"auth":")" + to_base64(pair) + "\"}";
}

struct Home {
    TemporaryDirectory folder{};
    NoEvents events{};
    std::map<std::string, std::string> variables{{"HOME", folder.path().string()}};
    CredentialStore store{[this](const char* name) { return variables[name]; }, events};

    [[nodiscard]] std::filesystem::path config() const {
        return folder.path() / ".docker" / "config.json";
    }
};

} // namespace

TEST_CASE("a password may hold colons, and keys may be URLs of old") {
    const std::string config = R"({"auths":{"https://index.docker.io/v1/":)" + auth("me:a:b") +
                               R"(,"https://old.example/v2/":{"username":"u","password":"p"}}})";
    CHECK(
        found(config, "docker.io", "library/debian") ==
        Credentials{.user = "me", .password = "a:b"});
    CHECK(found(config, "old.example") == Credentials{.user = "u", .password = "p"});
    CHECK(found(config, "other.example").empty());
    CHECK(found(config, "example").empty());
}

TEST_CASE("the longest key that covers the repository counts") {
    const std::string config = R"({"auths":{"a.example":)" + auth("all:1") +
                               R"(,"a.example/team":)" + auth("team:2") +
                               R"(,"a.example/team/app":{}}})";
    CHECK(found(config, "a.example", "team/app").user == "team");
    CHECK(found(config, "a.example", "teamwork").user == "all");
    CHECK(found(config, "a.example").user == "all");
}

TEST_CASE("tokens are known by their members") {
    const std::string config =
        R"({"auths":{"a":{"identitytoken":"i"},"b":{"registrytoken":"r"},"c":{"auth":"not base64"},"d":null}})";
    CHECK(found(config, "a").identity_token == "i");
    CHECK(found(config, "b").registry_token == "r");
    CHECK(found(config, "c").empty());
    CHECK(found(config, "d").empty());
}

TEST_CASE("a helper for the host comes before one for all") {
    const std::string config = R"({"credsStore":"all","credHelpers":{"a.example":"one"}})";
    CHECK(find_in_config(config, "a.example", {}, "test").helper == "one");
    CHECK(find_in_config(config, "b.example", {}, "test").helper == "all");
}

TEST_CASE("what is no such file is refused") {
    for (const char* wrong : {"", "[]", R"({"auths":[]})", R"({"auths":{"a":{"auth":1}}})"}) {
        CAPTURE(wrong);
        CHECK(error_of([&] { return found(wrong, "a"); }).kind() == ErrorKind::refused);
    }
}

TEST_CASE_FIXTURE(Home, "what is kept is found, for us alone, beside what was there") {
    make_directories(config().parent_path());
    write_file(config(), R"({"other":1,"auths":{"https://a.example":)" + auth("old:old") + "}}");
    const Credentials mine{.user = "me", .password = "secret"};
    CHECK(store.keep("a.example", mine) == config().string());
    CHECK(store.keep("docker.io", mine) == config().string());
    CHECK(store.find("a.example", "x") == mine);
    CHECK(store.find("docker.io", "library/debian") == mine);
    struct stat status{};
    REQUIRE(::stat(config().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    CHECK(contains(read_file(config()), "\"other\": 1"));
    CHECK(contains(read_file(config()), "https://index.docker.io/v1/"));
    CHECK(store.forget("a.example"));
    CHECK_FALSE(store.forget("a.example"));
    CHECK(store.find("a.example", "x").empty());
    CHECK(store.find("docker.io", "x") == mine);
}

TEST_CASE_FIXTURE(Home, "docker's file is asked before podman's, and one that is named alone") {
    variables["XDG_RUNTIME_DIR"] = (folder.path() / "run").string();
    make_directories(folder.path() / "run" / "containers");
    write_file(
        folder.path() / "run/containers/auth.json", R"({"auths":{"a":)" + auth("podman:p") + "}}");
    CHECK(store.find("a", "x").user == "podman");
    make_directories(config().parent_path());
    write_file(config(), R"({"auths":{"a":)" + auth("docker:p") + "}}");
    CHECK(store.find("a", "x").user == "docker");
    variables["REGISTRY_AUTH_FILE"] = (folder.path() / "none").string();
    CHECK(store.find("a", "x").empty());
}

TEST_CASE_FIXTURE(Home, "a file that is a link stays one") {
    make_directories(config().parent_path());
    write_file(folder.path() / "real.json", "{}");
    std::filesystem::create_symlink(folder.path() / "real.json", config());
    static_cast<void>(store.keep("a", {.user = "me", .password = "p"}));
    CHECK(std::filesystem::is_symlink(config()));
    CHECK(contains(read_file(folder.path() / "real.json"), "auths"));
}

TEST_CASE("a helper is a name, is run, and its words are in the error") {
    CHECK(error_of([] {
              return run_helper("../evil", "get", "a");
          }).kind() == ErrorKind::environment);
    const Error error = error_of([] { return run_helper("no-such-helper-here", "get", "a"); });
    CHECK(contains(error.message(), "docker-credential-no-such-helper-here"));
}
