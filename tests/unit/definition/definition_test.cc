// SPDX-License-Identifier: Apache-2.0
#include "definition/built_in.hh"
#include "support/files.hh"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

using namespace pare;
using definition::Chain;
using definition::read_definition;

namespace {

/// A directory of definitions, and one that is read from it.
class Folder {
public:
    void write(const std::string& name, const std::string& text) {
        write_file(directory_.path() / name, text);
    }

    [[nodiscard]] std::string path(const std::string& name) const {
        return (directory_.path() / name).string();
    }

    [[nodiscard]] std::vector<Chain>
    read(const std::string& name, std::vector<std::string> variants = {}) const {
        return read_definition(
            {.reference = path(name), .variants = std::move(variants)},
            definition::built_in_library());
    }

    /// `file:line:column: message | hint` of the error that reading ends in.
    [[nodiscard]] std::string error(const std::string& text) {
        write("x.yaml", text);
        try {
            (void)read("x.yaml");
        } catch (const Error& error) {
            Where where = error.where();
            where.file = std::filesystem::path(where.file).filename().string();
            return where.str() + ": " + error.message() +
                   (error.hint().empty() ? "" : " | " + error.hint());
        }
        return "no error";
    }

private:
    TemporaryDirectory directory_;
};

std::vector<std::string> step_names(const Chain& chain) {
    std::vector<std::string> names;
    for (const definition::Step& step : chain.steps) {
        names.push_back(step.name);
    }
    return names;
}

Chain built_in(const std::string& reference, const std::string& distribution = "") {
    return read_definition(
               {.reference = reference, .distribution = distribution},
               definition::built_in_library())
        .front();
}

bool asks_for(const definition::Step& step, const std::string& package) {
    return std::any_of(step.packages.begin(), step.packages.end(), [&](const auto& request) {
        return request.name == package && !request.excluded;
    });
}

using Names = std::vector<std::string>;

} // namespace

TEST_CASE("a variant of a child derives from the same variant of its parent") {
    CHECK(step_names(built_in("cc")) == Names{"static", "base-nossl", "base", "cc"});
    CHECK(
        step_names(built_in("cc:debug-nonroot")) == Names{
                                                        "static", "static:debug", "static:nonroot",
                                                        "base-nossl:debug-nonroot",
                                                        "base:debug-nonroot", "cc:debug-nonroot"});
    CHECK(step_names(built_in("static:nonroot")) == Names{"static", "static:nonroot"});
}

TEST_CASE("every image of the family reads, in every variant, for both releases") {
    for (const char* name : {"static", "base-nossl", "base", "cc"}) {
        for (const char* distribution : {"debian:12", "debian:13"}) {
            const auto chains = read_definition(
                {.reference = name, .variants = {"all"}, .distribution = distribution},
                definition::built_in_library());
            CHECK(chains.size() == 4);
            CHECK(chains.front().distribution == distribution);
            const bool has_riscv =
                std::count(chains.front().archs.begin(), chains.front().archs.end(), "riscv64") ==
                1;
            CHECK(has_riscv == (std::string(distribution) == "debian:13"));
        }
    }
}

TEST_CASE("what differs by distribution comes from its overlay") {
    CHECK(asks_for(built_in("base", "debian:12").steps.back(), "libssl3"));
    CHECK(asks_for(built_in("base", "debian:13").steps.back(), "libssl3t64"));
    CHECK_FALSE(asks_for(built_in("static", "debian:12").steps.back(), "tzdata-legacy"));
}

TEST_CASE("an apko file reads unchanged") {
    Folder folder;
    folder.write("apko.yaml", R"(
contents:
  keyring: [keys/acme.asc]
  repositories: [debian:13]
  packages: [ca-certificates, tzdata>=2024a]
entrypoint:
  command: /usr/bin/server --port 8080
cmd: --verbose
work-dir: /srv
accounts:
  groups: [{groupname: app, gid: 10000}]
  users: [{username: app, uid: 10000}]
  run-as: 10000
environment: {LANG: C.UTF-8}
paths:
  - {path: /srv/data, type: directory, uid: 10000, gid: 10000, permissions: 0o755}
archs: [amd64, arm64]
annotations: {org.opencontainers.image.title: app}
layering: {strategy: origin, budget: 5}
)");
    const definition::Step step = folder.read("apko.yaml").front().steps.front();
    CHECK(step.entrypoint == Names{"/usr/bin/server", "--port", "8080"});
    CHECK(step.cmd == Names{"--verbose"});
    CHECK(step.run_as == "10000");
    CHECK(step.users.front().home == "/home/app");
    CHECK(step.users.front().gid == 10000);
    CHECK(step.paths.front().mode == 0755);
    CHECK(step.packages.back().op == ">=");
    CHECK(step.packages.back().version == "2024a");
    CHECK(step.layer_budget == 5);
}

TEST_CASE("package requests are read in all their forms") {
    Folder folder;
    folder.write(
        "x.yaml", "contents:\n  packages: [a, b=1.0-1, c>=2, d/trixie-backports, \"!e\",\n"
                  "    {package: f, include: [usr/bin/f], strip: 2, to: /f}]\n");
    const auto packages = folder.read("x.yaml").front().steps.front().packages;
    REQUIRE(packages.size() == 6);
    CHECK(packages[1].version == "1.0-1");
    CHECK(packages[2].op == ">=");
    CHECK(packages[3].suite == "trixie-backports");
    CHECK(packages[4].excluded);
    CHECK(packages[5].to == "/f");
}

TEST_CASE("errors name the place, what was expected and what may have been meant") {
    Folder folder;
    CHECK(
        folder.error("contents:\n  packges: [a]\n") ==
        "x.yaml:2:3: unknown key 'packges' | did you mean 'packages'?");
    CHECK(folder.error("work-dir: [a]\n") == "x.yaml:1:11: expected a text, got a list");
    CHECK(folder.error("archs: amd64\n") == "x.yaml:1:8: expected a list, got 'amd64'");
    CHECK(
        folder.error("paths:\n  - {path: /a, type: file}\n") ==
        "x.yaml:2:22: expected directory, empty-file, hardlink, symlink or permissions, got "
        "'file'");
    CHECK(
        folder.error("paths:\n  - {path: /a, type: directory, permissions: 0o9}\n") ==
        "x.yaml:2:46: expected file permissions like 0o755, got '0o9'");
    CHECK(
        folder.error("cmd: a\ncmd: b\n") ==
        "x.yaml:2:1: the key 'cmd' stands twice; first in line 1");
    CHECK(
        folder.error("contents:\n  packages: [\"a b\"]\n") ==
        "x.yaml:2:14: 'a b' is no package request | write NAME, NAME=VERSION, NAME>=VERSION, "
        "NAME/SUITE or !NAME");
    CHECK(
        folder.error("from: stattic\n") ==
        "x.yaml:1:7: there is no built-in definition 'stattic' | did you mean 'static'? built in "
        "are base-nossl, base, cc, static; a file is named with its .yaml");
}

TEST_CASE("definitions that come from each other are told as a loop") {
    Folder folder;
    folder.write("a.yaml", "from: ./b.yaml\n");
    folder.write("b.yaml", "from: ./a.yaml\n");
    CHECK_THROWS_WITH_AS(
        (void)folder.read("a.yaml"), "`from:` goes in a loop: a.yaml -> b.yaml -> a.yaml", Error);
}

TEST_CASE("a definition of the user takes the parent's variant that it names") {
    Folder folder;
    folder.write("server.yaml", "from: cc:nonroot\nentrypoint: {command: /usr/bin/server}\n");
    CHECK(
        step_names(folder.read("server.yaml").front()) == Names{
                                                              "static", "static:nonroot",
                                                              "base-nossl:nonroot", "base:nonroot",
                                                              "cc:nonroot", "server.yaml"});
}

TEST_CASE("a root that lists variants gets the standard ones") {
    Folder folder;
    folder.write(
        "root.yaml",
        "contents: {repositories: [debian:12], packages: [libc6]}\nvariants: [latest, debug]\n");
    const auto chains = folder.read("root.yaml", {"debug"});
    CHECK(step_names(chains.front()) == Names{"root.yaml", "root.yaml:debug"});
    CHECK(chains.front().steps.back().entrypoint == Names{"/busybox/sh"});
    CHECK(chains.front().distribution == "debian:12");
    CHECK_THROWS_AS((void)folder.read("root.yaml", {"nonroot"}), Error);
}

TEST_CASE("files come from beside the definition, or stand in it") {
    Folder folder;
    folder.write(
        "x.yaml", "contents:\n  files:\n    - {from: build/a, to: /a}\n"
                  "    - {content: \"text\", to: /b, mode: 0600}\n");
    const auto files = folder.read("x.yaml").front().steps.front().files;
    CHECK(files[0].from == folder.path("build/a"));
    CHECK(files[1].content == "text");
    CHECK(files[1].mode == 0600);
    CHECK(
        folder.error("contents:\n  files: [{from: a, content: b, to: /c}]\n")
            .find("either `from` or `content`") != std::string::npos);
}

TEST_CASE("what show config prints is a definition again, of the same image") {
    Folder folder;
    folder.write("copy.yaml", definition::show_config(built_in("cc:debug")));
    const Chain copy = folder.read("copy.yaml").front();
    CHECK(copy.steps.front().packages.size() > 8);
    CHECK(copy.steps.front().entrypoint == Names{"/busybox/sh"});
    CHECK(copy.steps.front().users.size() == 3);
}

TEST_CASE("docs/definition.schema.json is what the table of keys says") {
    const char* source = std::getenv("PARE_SOURCE");
    REQUIRE(source != nullptr);
    const auto path = std::filesystem::path(source) / "docs" / "definition.schema.json";
    if (std::getenv("PARE_ACCEPT") != nullptr) {
        write_file(path, definition::json_schema());
    }
    CHECK(read_file(path) == definition::json_schema());
}
