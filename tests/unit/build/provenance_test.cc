// SPDX-License-Identifier: Apache-2.0
// What a plan comes to as provenance, and holding another plan against it.
#include "build/provenance.hh"
#include "build/recorded_sources.hh"
#include "fixture.hh"

#include <algorithm>
#include <utility>

namespace pare::test {

namespace {

namespace fs = std::filesystem;
using attest::Provenance;

/// A definition that comes from another one and brings files, in a directory of its own.
class Sources {
public:
    Sources() {
        write(
            "app/server.yaml", "from: ../base.yaml\n"
                               "contents: {slices: [slices], missing-libraries: [libx.so.1],\n"
                               "  files: [{from: bin, to: /usr/bin},\n"
                               "          {from: bin/server, to: /again, mode: 0o755}]}\n");
        write("base.yaml", "contents: {packages: [libc6]}\n");
        write("app/bin/server", "program");
        fs::permissions(path("app/bin/server"), fs::perms(0755));
        fs::create_symlink("server", path("app/bin/link"));
        write("app/slices/libc6.yaml", "package: libc6\nslices: {x: {include: [usr/x]}}\n");
    }

    void write(const std::string& name, const std::string& text) const {
        make_directories(path(name).parent_path());
        write_file(path(name), text);
    }

    [[nodiscard]] fs::path path(const std::string& name) const { return directory_.path() / name; }

    [[nodiscard]] build::Plan plan(const Names& archs = {"amd64"}) const {
        const build::Request request{
            .definitions = {path("app/server.yaml")},
            .archs = archs,
            .mirror = "http://m.example/debian/"};
        return make_plan(request, Workshop().tools());
    }

    /// Nobody was asked for packages.
    [[nodiscard]] Provenance provenance(const Names& archs = {"amd64"}) const {
        const build::Plan plan = this->plan(archs);
        build::TagTargets images{.tag = "server:1"};
        for (const build::Target& target : plan.targets) {
            images.targets.push_back(&target);
        }
        return provenance_of(
            images, {.request = {.mirror = "http://joe:secret@m.example/debian/"},
                     .builder = "urn:x:builder",
                     .tool_version = "1.2.3"});
    }

private:
    TemporaryDirectory directory_;
};

std::string told_of(const Sources& sources, const Provenance& recorded) {
    const fs::path root = sources.path("app");
    const Error error = error_of([&] {
        build::check_files(recorded, root);
        build::check_plan(sources.plan(), recorded, root);
        return 0;
    });
    CHECK(error.kind() == ErrorKind::usage);
    return error.message();
}

} // namespace

TEST_CASE(
    "definitions are recorded with their texts, files with their hashes, no path is of this host") {
    const Provenance provenance = Sources().provenance({"amd64", "arm64"});
    CHECK(provenance.parameters.definition == "server.yaml");
    CHECK(provenance.parameters.architectures == Names{"amd64", "arm64"});
    CHECK(provenance.parameters.mirror == "http://***@m.example/debian/");
    REQUIRE(provenance.definitions.size() == 2);
    CHECK(provenance.definitions[1].name == "../base.yaml");
    CHECK(provenance.definitions[1].text == "contents: {packages: [libc6]}\n");
    CHECK(
        provenance.files ==
        std::vector<attest::SourceFile>{
            {.path = "bin/link", .sha256 = hash_hex("server"), .symlink = true},
            {.path = "bin/server", .sha256 = hash_hex("program"), .executable = true},
            {.use = attest::FileUse::slices,
             .path = "slices/libc6.yaml",
             .sha256 = hash_hex("package: libc6\nslices: {x: {include: [usr/x]}}\n")}});
    CHECK(provenance.relaxed == Names{"missing-library: libx.so.1"});
    CHECK(provenance.lock.architectures.size() == 2);
}

TEST_CASE("equal sources in two places have equal provenance, which is read back as it was") {
    const Provenance provenance = Sources().provenance();
    CHECK(provenance == Sources().provenance());
}

TEST_CASE("the sources that were recorded are taken again, wherever they are") {
    const Provenance recorded = Sources().provenance();
    const Sources sources;
    const fs::path root = sources.path("app");
    build::check_files(recorded, root);
    build::check_plan(sources.plan(), recorded, root);
    CHECK(build::recorded_reference(recorded, root) == sources.path("app/server.yaml"));
}

TEST_CASE("recorded texts take the place of files, and nothing else does") {
    const Sources sources;
    const Provenance recorded = sources.provenance();
    const definition::Library library = build::recorded_library({}, recorded, sources.path("app"));
    sources.write("base.yaml", "contents: {packages: [other]}\n");
    fs::remove(sources.path("app/server.yaml"));
    const std::string reference = sources.path("app/server.yaml");
    const auto chains = definition::read_definition({.reference = reference}, library);
    CHECK(chains.front().steps.front().packages.front().name == "libc6");
    CHECK(chains.front().steps.back().name == "server.yaml");
    const Error error = error_of([&] {
        return definition::read_definition({.reference = sources.path("base2.yaml")}, library);
    });
    CHECK(contains(error.message(), "base2.yaml was not recorded"));
}

TEST_CASE("every file that is not as it was is named") {
    const Sources sources;
    const Provenance recorded = sources.provenance();
    sources.write("app/bin/server", "other");
    fs::remove(sources.path("app/bin/link"));
    fs::remove(sources.path("app/slices/libc6.yaml"));
    const std::string told = told_of(sources, recorded);
    CHECK(contains(told, "\n  bin/server: has another content"));
    CHECK(contains(told, "\n  bin/link: is missing"));
    CHECK(contains(told, "\n  slices/libc6.yaml: is missing"));
}

TEST_CASE("files that came since, and modes that changed, are told as well") {
    const Sources sources;
    const Provenance recorded = sources.provenance();
    sources.write("app/bin/new", "x");
    fs::permissions(sources.path("app/bin/server"), fs::perms(0644));
    const std::string told = told_of(sources, recorded);
    CHECK(contains(told, "\n  bin/new: was not there"));
    CHECK(contains(told, "\n  bin/server: was executable"));
}

TEST_CASE("a symlink in place of a file is another thing, whatever it leads to") {
    const Sources sources;
    const Provenance recorded = sources.provenance();
    fs::rename(sources.path("app/bin/server"), sources.path("elsewhere"));
    fs::create_symlink(sources.path("elsewhere"), sources.path("app/bin/server"));
    CHECK(contains(told_of(sources, recorded), "\n  bin/server: is no file"));
}

TEST_CASE("of many files some are named and the rest is counted") {
    const Sources sources;
    Provenance recorded = sources.provenance();
    for (int i = 0; i < 30; ++i) {
        recorded.files.push_back(
            {.path = "lost" + std::to_string(i), .sha256 = std::string(64, 'a')});
    }
    CHECK(contains(told_of(sources, recorded), "\n  and 10 more"));
}

} // namespace pare::test
