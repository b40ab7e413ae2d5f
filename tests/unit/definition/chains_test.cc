// SPDX-License-Identifier: Apache-2.0
#include "folder.hh"

#include <doctest/doctest.h>

#include <algorithm>

using namespace pare;
using namespace pare::definition;

namespace {

/// The steps that an image of the family has: those of static, then one of each up to it.
Names family_steps(const std::string& name, const std::string& variant) {
    Names steps{"static"};
    if (variant == "debug-nonroot") {
        steps.emplace_back("static:debug");
    }
    if (variant != "latest") {
        steps.push_back("static:" + variant);
    }
    for (const char* child : {"base-nossl", "base", "cc"}) {
        if (steps.back().starts_with(name + ":") || steps.back() == name) {
            break;
        }
        steps.push_back(variant == "latest" ? child : std::string(child) + ":" + variant);
    }
    return steps;
}

Names all_packages(const Chain& chain) {
    Names all;
    for (const Step& step : chain.steps) {
        for (const std::string& name : package_names(step)) {
            all.push_back(name);
        }
    }
    return all;
}

} // namespace

TEST_CASE("every image of the family has its steps, in every variant, for both releases") {
    const Names variants{"latest", "nonroot", "debug", "debug-nonroot"};
    for (const char* name : {"static", "base-nossl", "base", "cc"}) {
        CHECK(variants_of(name, built_in_library()) == variants);
        for (const char* distribution : {"debian:12", "debian:13"}) {
            const auto chains = read_definition(
                {.reference = name, .variants = {"all"}, .distribution = distribution},
                built_in_library());
            REQUIRE(chains.size() == variants.size());
            for (std::size_t i = 0; i < chains.size(); ++i) {
                CHECK(chains[i].name == name);
                CHECK(chains[i].variant == variants[i]);
                CHECK(chains[i].distribution == distribution);
                CHECK(chains[i].base_image.empty());
                CHECK(step_names(chains[i]) == family_steps(name, variants[i]));
                const auto riscv =
                    std::count(chains[i].archs.begin(), chains[i].archs.end(), "riscv64");
                CHECK(riscv == (std::string(distribution) == "debian:13" ? 1 : 0));
                CHECK(chains[i].archs.size() == 5 + static_cast<std::size_t>(riscv));
            }
        }
    }
}

TEST_CASE("no two steps of one name differ in what is below them") {
    // A lock finds a step by its name.
    std::map<std::string, std::vector<Step>> known;
    for (const char* name : {"static", "base-nossl", "base", "cc"}) {
        for (const Chain& chain :
             read_definition({.reference = name, .variants = {"all"}}, built_in_library())) {
            for (std::size_t i = 0; i < chain.steps.size(); ++i) {
                const std::vector<Step> upto(
                    chain.steps.begin(), chain.steps.begin() + static_cast<std::ptrdiff_t>(i) + 1);
                const auto [at, is_new] = known.emplace(chain.steps[i].name, upto);
                CHECK((is_new || at->second == upto));
            }
        }
    }
}

TEST_CASE("the family holds the packages of its release") {
    const Names cc12 = all_packages(read_built_in("cc", "debian:12"));
    CHECK(
        cc12 == Names{
                    "base-files", "media-types", "netbase", "tzdata", "ca-certificates", "libc6",
                    "!libgcc-s1", "libssl3", "libgcc-s1", "libgomp1", "libstdc++6", "tzdata"});
    CHECK(
        all_packages(read_built_in("cc", "debian:13")) ==
        Names{
            "base-files", "media-types", "netbase", "tzdata", "ca-certificates", "tzdata-legacy",
            "libc6", "!libgcc-s1", "libssl3t64", "zlib1g", "libzstd1", "!openssl-provider-legacy",
            "libgcc-s1", "libgomp1", "libstdc++6", "tzdata"});
}

TEST_CASE("the variants change the user, the directory, the path and the entrypoint") {
    const Chain latest = read_built_in("static");
    const Step& root = latest.steps.front();
    CHECK(root.run_as == "0");
    CHECK(root.work_dir == "/");
    CHECK_FALSE(root.entrypoint.has_value());
    const std::string path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    CHECK(
        root.environment ==
        std::map<std::string, std::string>{
            {"PATH", path}, {"SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"}});
    const Chain both = read_built_in("static:debug-nonroot");
    const Step& debug = both.steps[1];
    CHECK(debug.environment.at("PATH") == path + ":/busybox");
    CHECK(debug.entrypoint == Names{"/busybox/sh"});
    CHECK(debug.packages.front().to == "/busybox");
    const Step& nonroot = both.steps[2];
    CHECK(nonroot.run_as == "65532");
    CHECK(nonroot.work_dir == "/home/nonroot");
    CHECK(nonroot == [] {
        Step same = read_built_in("static:nonroot").steps.back();
        same.name = "static:debug-nonroot";
        return same;
    }());
}

TEST_CASE("the accounts of the family come out as those of distroless") {
    const Step root = read_built_in("static").steps.front();
    CHECK(
        root.users == std::vector<User>{
                          {"root", 0, 0, "/root", "/sbin/nologin"},
                          {"nobody", 65534, 65534, "/nonexistent", "/sbin/nologin"},
                          {"nonroot", 65532, 65532, "/home/nonroot", "/sbin/nologin"}});
    CHECK(
        root.groups == std::vector<Group>{
                           {"root", 0, {}},
                           {"nobody", 65534, {}},
                           {"tty", 5, {}},
                           {"staff", 50, {}},
                           {"nonroot", 65532, {}}});
    REQUIRE(root.files.size() == 1);
    CHECK(root.files.front().to == "/etc/nsswitch.conf");
    CHECK(root.files.front().content->size() == 497);
    CHECK(root.os_release.at("PRETTY_NAME") == "Distroless");
}

TEST_CASE("no image of the family may have more than ten layers of packages") {
    std::uint64_t layers = 0;
    for (const Step& step : read_built_in("cc:debug-nonroot").steps) {
        layers += step.layer_budget.value_or(0);
    }
    CHECK(layers <= 10);
}

TEST_CASE("a definition takes the parent's variant that it names") {
    const Folder folder;
    folder.write("server.yaml", "from: cc:nonroot\nentrypoint: {command: /usr/bin/server}\n");
    CHECK(
        step_names(folder.read("server.yaml").front()) == Names{
                                                              "static", "static:nonroot",
                                                              "base-nossl:nonroot", "base:nonroot",
                                                              "cc:nonroot", "server.yaml"});
    CHECK(variants_of(folder.path("server.yaml"), built_in_library()) == Names{"latest"});
    CHECK(
        folder.error_in("server.yaml", {"debug"}) ==
        "server.yaml has no variant 'debug' | it has latest");
}

TEST_CASE("a definition that lists variants has those of its parent") {
    const Folder folder;
    folder.write("server.yaml", "from: static\nvariants: [nonroot, debug]\n");
    const auto chains = folder.read("server.yaml", {"all"});
    REQUIRE(chains.size() == 2);
    CHECK(step_names(chains[0]) == Names{"static", "static:nonroot", "server.yaml"});
    CHECK(step_names(chains[1]) == Names{"static", "static:debug", "server.yaml:debug"});
    CHECK(folder.read("server.yaml").front().variant == "nonroot");
    CHECK(folder.read("server.yaml", {"debug", "debug"}).size() == 1);
    CHECK(folder.read("server.yaml:debug").front().variant == "debug");

    folder.write("child.yaml", "from: ./server.yaml\nvariants: [nonroot, latest, debug-nonroot]\n");
    CHECK(
        folder.error_in("child.yaml", {"debug-nonroot"}) ==
        "child.yaml:2:29: server.yaml has no variant 'debug-nonroot' | it has nonroot, debug");
    folder.write("both.yaml", "from: cc:debug\nvariants: [latest, debug]\n");
    CHECK(
        folder.error_in("both.yaml") ==
        "both.yaml:2:12: all variants of both.yaml would be the same, because 'from' names the "
        "variant 'debug' | take the variant out of 'from', or write 'variants' as a mapping from "
        "names to what each changes");
}

TEST_CASE(
    "what a definition changes for a variant is a step of its own when its parent is shared") {
    const Folder folder;
    folder.write(
        "server.yaml",
        "from: static:nonroot\nvariants:\n  latest:\n  traced: {environment: {TRACE: 1}}\n");
    const auto chains = folder.read("server.yaml", {"all"});
    REQUIRE(chains.size() == 2);
    CHECK(step_names(chains[0]) == Names{"static", "static:nonroot", "server.yaml"});
    CHECK(
        step_names(chains[1]) ==
        Names{"static", "static:nonroot", "server.yaml", "server.yaml:traced"});
    CHECK(chains[1].steps.back().environment.at("TRACE") == "1");
}

TEST_CASE("what a definition changes for a variant of its parent is part of its own step") {
    const Folder folder;
    folder.write(
        "server.yaml", "from: static\nenvironment: {A: a}\ncmd: --fast\nvariants:\n  latest: {}\n"
                       "  debug: {environment: {A: b}}\n  nonroot: {work-dir: /srv}\n"
                       "  debug-nonroot: {}\n");
    const auto chains = folder.read("server.yaml", {"all"});
    REQUIRE(chains.size() == 4);
    CHECK(step_names(chains[0]) == Names{"static", "server.yaml"});
    CHECK(step_names(chains[1]) == Names{"static", "static:debug", "server.yaml:debug"});
    CHECK(chains[1].steps.back().environment.at("A") == "b");
    CHECK(chains[1].steps.back().cmd == Names{"--fast"});
    CHECK(
        step_names(chains[3]) ==
        Names{"static", "static:debug", "static:debug-nonroot", "server.yaml:debug-nonroot"});
    CHECK(chains[3].steps.back().environment.at("A") == "b");
    CHECK(chains[3].steps.back().work_dir == "/srv");
}

TEST_CASE("a root that lists variants gets the standard ones") {
    const Folder folder;
    folder.write("root.yaml", "contents: {packages: [libc6]}\nvariants: [latest, debug-nonroot]\n");
    const Chain chain = folder.read("root.yaml", {"debug-nonroot"}).front();
    CHECK(step_names(chain) == Names{"root.yaml", "root.yaml:debug", "root.yaml:debug-nonroot"});
    CHECK(chain.steps[1].entrypoint == Names{"/busybox/sh"});
    CHECK(chain.steps[2].run_as == "65532");
    CHECK(
        folder.error_in("root.yaml", {"nonroot"}) ==
        "root.yaml has no variant 'nonroot' | it has latest, debug-nonroot");
    CHECK(
        folder.error("variants: [latest, traced]\n") ==
        "x.yaml:1:20: nothing says what the variant 'traced' is | write 'variants' as a mapping "
        "from names to what each changes, or use latest, nonroot, debug, debug-nonroot");
}

TEST_CASE("a definition can start from an image") {
    const Folder folder;
    folder.write("sub/x.yaml", "from: oci:../base:latest\nvariants: [latest, nonroot]\n");
    const Chain chain = folder.read("sub/x.yaml:nonroot").front();
    CHECK(chain.base_image == "oci:" + folder.path("base:latest"));
    CHECK(step_names(chain) == Names{"x.yaml", "x.yaml:nonroot"});
    const std::string digest = std::string(64, 'a');
    folder.write("y.yaml", "from: registry.example/app@sha256:" + digest + "\n");
    CHECK(folder.read("y.yaml").front().base_image == "registry.example/app@sha256:" + digest);
    folder.write("z.yaml", "from: docker-archive:/srv/a.tar\n");
    CHECK(folder.read("z.yaml").front().base_image == "docker-archive:/srv/a.tar");
}

TEST_CASE("steps of files are named by their place beside the first one") {
    const Folder folder;
    folder.write("app/server.yaml", "from: ../base/server.yaml\n");
    folder.write("base/server.yaml", "from: ./common.yml:debug\n");
    folder.write("base/common.yml", "variants: [latest, debug]\n");
    const Chain chain = folder.read("app/server.yaml").front();
    CHECK(
        step_names(chain) == Names{
                                 "../base/common.yml", "../base/common.yml:debug",
                                 "../base/server.yaml", "server.yaml"});
    CHECK(chain.steps.back().directory == folder.path("app"));
    CHECK(chain.steps.front().directory == folder.path("base"));
}

TEST_CASE("an image is made for what all its definitions are made for") {
    const Folder folder;
    folder.write("base.yaml", "archs: [amd64, arm64]\n");
    folder.write("server.yaml", "from: ./base.yaml\narchs: [arm64, riscv64]\n");
    CHECK(folder.read("server.yaml").front().archs == Names{"arm64"});
    folder.write("other.yaml", "from: ./base.yaml\narchs: [riscv64]\n");
    CHECK(
        folder.error_in("other.yaml") ==
        "other.yaml is made for riscv64, but what it comes from is not | that is made for amd64, "
        "arm64");
}

TEST_CASE("a built-in name is never a file, and a file is never a built-in name") {
    const Folder folder;
    folder.write("static", "cmd: a\n");
    const Chain chain = folder.read("static").front();
    CHECK(step_names(chain) == Names{"static"});
    CHECK(chain.steps.front().cmd == Names{"a"});
    CHECK_FALSE(read_built_in("static").steps.front().cmd.has_value());
}
