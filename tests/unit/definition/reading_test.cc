// SPDX-License-Identifier: Apache-2.0
#include "folder.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::definition;

TEST_CASE("package requests are read in all their forms") {
    const Folder folder;
    const auto packages =
        folder
            .step("contents:\n  packages: [a, b=1:1.0-1~x, c>=2, d/trixie-backports, \"!e\",\n"
                  "    f<3/stable, {package: g=1, include: [/usr/bin/g], strip: 2, to: /g}]\n")
            .packages;
    REQUIRE(packages.size() == 7);
    CHECK(packages[0].name == "a");
    CHECK(packages[0].where.line == 2);
    CHECK(packages[1].op == "=");
    CHECK(packages[1].version == "1:1.0-1~x");
    CHECK(packages[2].op == ">=");
    CHECK(packages[2].version == "2");
    CHECK(packages[3].suite == "trixie-backports");
    CHECK(packages[4].excluded);
    CHECK(packages[4].name == "e");
    CHECK(packages[5].op == "<");
    CHECK(packages[5].suite == "stable");
    CHECK(packages[6].version == "1");
    CHECK(packages[6].include == Names{"usr/bin/g"});
    CHECK(packages[6].strip == 2);
    CHECK(packages[6].to == "/g");
}

TEST_CASE("files come from beside the definition, or stand in it") {
    const Folder folder;
    const auto files =
        folder
            .step("contents:\n  files:\n    - {from: build/../bin/a, to: /a}\n"
                  "    - {content: \"text\\n\", to: /b, mode: 0600, uid: 1, gid: 2}\n"
                  "    - {from: /etc/hosts, to: /c}\n    - {content: , to: /d}\n")
            .files;
    REQUIRE(files.size() == 4);
    CHECK(files[0].from == folder.path("bin/a"));
    CHECK_FALSE(files[0].mode.has_value());
    CHECK(files[1].content == "text\n");
    CHECK(files[1].mode == 0600);
    CHECK(files[1].uid == 1);
    CHECK(files[1].gid == 2);
    CHECK(files[2].from == "/etc/hosts");
    CHECK(files[3].content == "");
}

TEST_CASE("a health check is a program, a script or none") {
    const Folder folder;
    const auto check = [&](const std::string& text) {
        return *folder.step("healthcheck: " + text + "\n").healthcheck;
    };
    CHECK(
        check("{command: /app --check, interval: 1m30s, timeout: 500ms, start-period: 5s, "
              "retries: 3}") == Healthcheck{{"CMD", "/app", "--check"}, "1m30s", "500ms", "5s", 3});
    CHECK(check("{command: [/app, 'a b']}").test == Names{"CMD", "/app", "a b"});
    CHECK(check("{test: [CMD, /app]}").test == Names{"CMD", "/app"});
    CHECK(check("{test: a | b}").test == Names{"CMD-SHELL", "a | b"});
    CHECK(check("{test: [NONE]}").test == Names{"NONE"});
    CHECK_FALSE(folder.step("healthcheck:\n").healthcheck.has_value());
}

TEST_CASE("a health check is a URL that the probe asks") {
    const Folder folder;
    const auto check = [&](const std::string& text) {
        return *folder.step("healthcheck: " + text + "\n").healthcheck;
    };
    for (const char* url :
         {"http://127.0.0.1", "http://127.0.0.1/", "http://localhost:8080/healthz?full=1&x=%20",
          "http://[::1]:8080/a", "http://[::]/", "http://[fd00::12:1]:1/", "http://[1::]/",
          "http://[1:2:3:4:5:6:7:8]/", "http://[2001:DB8:0:0:8:800:200C:417A]:65535/",
          "tcp://10.0.0.255:5432", "tcp://localhost:1", "unix:///run/app.sock",
          "file:///run/is alive", "file:///run/alive?max-age=30s", "file:///a?max-age=500ms",
          "file:///a?max-age=5m", "file:///%3F"}) {
        CAPTURE(url);
        CHECK(check("'" + std::string(url) + "'") == Healthcheck{.probe = url});
    }
    CHECK(
        check("{probe: 'http://127.0.0.1/', status: 200-299, interval: 5s, timeout: 2s, retries: "
              "2}") == Healthcheck{
                           .interval = "5s",
                           .timeout = "2s",
                           .retries = 2,
                           .probe = "http://127.0.0.1/",
                           .status = "200-299"});
    CHECK(check("{probe: 'http://127.0.0.1/', status: 204}").status == "204");
}

TEST_CASE("users get what most users have") {
    const Folder folder;
    const Step step = folder.step("accounts: {users: [{username: app, uid: 7}]}\n");
    CHECK(step.users == std::vector<User>{{"app", 7, 7, "/home/app", "/sbin/nologin"}});
}

TEST_CASE("the same overlays, texts and anchors give the same step") {
    const Folder folder;
    const Step written = folder.step("environment: {A: '1', B: x}\nvolumes: [/a]\n");
    const Step anchored =
        folder.step("distributions:\n  debian:13: &more {environment: {B: x}, volumes: [/a]}\n"
                    "environment: {A: 1}\n");
    CHECK(written == anchored);
}

TEST_CASE("an overlay adds to lists, merges mappings and replaces single values") {
    const Folder folder;
    folder.write("x.yaml", R"(
contents: {packages: [a], repositories: [debian:12]}
environment: {A: a, B: b}
work-dir: /a
entrypoint: {command: /a}
cmd: --a
archs: [amd64]
distributions:
  debian:12:
    contents: {packages: [b]}
    environment: {B: c}
    work-dir: /b
    entrypoint: {command: /b}
    archs: [arm64]
)");
    const Chain chain = folder.read("x.yaml").front();
    const Step& step = chain.steps.front();
    CHECK(package_names(step) == Names{"a", "b"});
    CHECK(step.environment == std::map<std::string, std::string>{{"A", "a"}, {"B", "c"}});
    CHECK(step.work_dir == "/b");
    CHECK(step.entrypoint == Names{"/b"});
    // Arguments of the entrypoint that was replaced.
    CHECK_FALSE(step.cmd.has_value());
    CHECK(chain.archs == Names{"arm64"});
}

TEST_CASE("the release of a definition is chosen once for the whole chain") {
    const Folder folder;
    CHECK(read_built_in("cc").distribution == "debian:13");
    CHECK(read_built_in("cc", "debian:12").distribution == "debian:12");

    folder.write("server.yaml", "from: static\ncontents: {repositories: [debian:12]}\n");
    const Chain twelve = folder.read("server.yaml").front();
    CHECK(twelve.distribution == "debian:12");
    CHECK(twelve.steps.back().repositories == Names{"debian:12"});
    CHECK_FALSE(twelve.archs == read_built_in("static").archs);
    const Chain thirteen = folder.read("server.yaml", {}, "debian:13").front();
    CHECK(thirteen.distribution == "debian:13");
    CHECK(thirteen.steps.back().repositories == Names{"debian:13"});

    folder.write("child.yaml", "from: ./server.yaml\ncontents: {repositories: [debian:13]}\n");
    CHECK(
        folder.error_in("child.yaml") ==
        "server.yaml takes packages from debian:12, but the image is made for debian:13 | name "
        "one release in all definitions of an image, or give --distribution");
    CHECK(folder.read("child.yaml", {}, "debian:13").front().distribution == "debian:13");
    CHECK(
        folder.error_in("server.yaml", {}, "debian:11") ==
        "static is not made for debian:11 | it is made for debian:12 and debian:13");
}

TEST_CASE("a pinned release pins the definitions below and above") {
    const Folder folder;
    const std::string pinned = "debian:13@20261101T000000Z";
    folder.write("base.yaml", "from: static\ncontents: {repositories: [debian:13]}\n");
    folder.write("server.yaml", "from: ./base.yaml\ncontents: {repositories: [" + pinned + "]}\n");
    folder.write("child.yaml", "from: ./server.yaml\ncontents: {repositories: [debian:13]}\n");
    for (const char* name : {"server.yaml", "child.yaml"}) {
        const Chain chain = folder.read(name).front();
        CHECK(chain.distribution == pinned);
        for (const Step& step : chain.steps) {
            CHECK((step.repositories.empty() || step.repositories == Names{pinned}));
        }
    }
    folder.write(
        "other.yaml",
        "from: ./server.yaml\ncontents: {repositories: [debian:13@20250101T000000Z]}\n");
    CHECK(
        folder.error_in("other.yaml") ==
        "server.yaml takes packages from " + pinned +
            ", but the image is made for debian:13@20250101T000000Z | name one release in all "
            "definitions of an image, or give --distribution");
}

TEST_CASE("repositories that are no shorthand stay as they are") {
    const Folder folder;
    folder.write(
        "x.yaml", "contents:\n  repositories:\n    - deb [signed-by=a.asc] https://a.example/ s m\n"
                  "    - https://b.example/\n    - ./local\n");
    const Chain chain = folder.read("x.yaml").front();
    CHECK(chain.distribution == "debian:13");
    CHECK(
        chain.steps.front().repositories ==
        Names{"deb [signed-by=a.asc] https://a.example/ s m", "https://b.example/", "./local"});
}
