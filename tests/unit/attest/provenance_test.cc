// SPDX-License-Identifier: Apache-2.0
// How an image was made: one form for one build, and nothing is believed that contradicts itself.
#include "attest/provenance.hh"
#include "support/digest.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

#include <utility>

using namespace pare;
using namespace pare::attest;
using pare::test::contains;
using pare::test::error_of;

namespace {

const std::string kHash(64, 'a');

package::Lock sample_lock() {
    package::LockedStep step{
        .definition = "server.yaml",
        .request = kHash,
        .asked = {"libc6"},
        .packages = {
            {.name = "libc6",
             .version = "2.41-12",
             .architecture = "amd64",
             .source = "glibc",
             .source_version = "2.41-12",
             .suite = "stable",
             .url = "http://repo.example/pool/libc6.deb",
             .sha256 = kHash,
             .size = 7,
             .reason = "asked for"}}};
    step.archives.push_back(
        {.name = "node",
         .version = "22.1.0",
         .url = "https://node.example/node.tar.xz",
         .sha256 = kHash});
    return {.architectures = {{"amd64", {step}}, {"arm64", {step}}}};
}

Provenance sample() {
    const Bytes text = "from: cc\n";
    return {
        .builder = "https://ci.example/acme",
        .pare_version = "0.1.0",
        .parameters =
            {.definition = "server.yaml",
             .variant = "nonroot",
             .distribution = "debian:13",
             .architectures = {"amd64", "arm64"},
             .compression = "zstd:3",
             .mirror = "http://mirror.example/debian/",
             .source_date_epoch = 1'700'000'000},
        .relaxed = {"missing-library: libx.so.1", "signature: http://repo.example/ stable"},
        .definitions =
            {{.name = "server.yaml", .sha256 = hash_hex(text), .text = text},
             {.name = "cc", .sha256 = kHash}},
        .files =
            {{.path = "bin/link", .sha256 = kHash, .symlink = true},
             {.path = "bin/server", .sha256 = kHash, .executable = true},
             {.use = FileUse::slices, .path = "slices/x.yaml", .sha256 = kHash},
             {.use = FileUse::keyring, .path = "acme.gpg", .sha256 = kHash},
             {.use = FileUse::pins, .path = "archives.lock.json", .sha256 = kHash}},
        .bases =
            {{"oci:base", "amd64", "sha256:" + kHash}, {"oci:base", "arm64", "sha256:" + kHash}},
        .revision = Revision{.commit = "c0ffee", .dirty = true},
        .lock = sample_lock()};
}

std::string text_of(const Provenance& provenance) {
    return json::write(provenance_predicate(provenance));
}

/// The text of the sample with one part of it changed.
std::string changed(const std::string& from, const std::string& to) {
    std::string text = text_of(sample());
    const std::size_t at = text.find(from);
    REQUIRE_MESSAGE(at != std::string::npos, from);
    return text.replace(at, from.size(), to);
}

std::string refusal(const std::string& text) {
    const Error error = error_of([&] { return parse_provenance(json::parse(text, "provenance")); });
    CHECK(error.kind() == ErrorKind::refused);
    return error.message();
}

} // namespace

TEST_CASE("provenance is read back as it was written") {
    CHECK(parse_provenance(json::Value(provenance_predicate(sample()))) == sample());
    Provenance least = sample();
    least.parameters.mirror.clear();
    least.parameters.source_date_epoch.reset();
    least.revision.reset();
    least.relaxed.clear();
    least.files.clear();
    least.bases.clear();
    CHECK(parse_provenance(json::parse(text_of(least), "provenance")) == least);
    CHECK(!contains(text_of(least), "mirror"));
    CHECK(!contains(text_of(least), "sourceDateEpoch"));
}

TEST_CASE("what the user said, what pare decided and what was taken for it have their places") {
    const json::Value predicate(provenance_predicate(sample()));
    const json::Value& build = predicate.at("buildDefinition");
    CHECK(build.at("buildType").as_string() == "urn:pare:build:v1");
    CHECK(
        json::write(build.at("externalParameters")) ==
        R"({"definition":"server.yaml","parameters":{"variant":"nonroot",)"
        R"("distribution":"debian:13","architectures":["amd64","arm64"],"compression":"zstd:3",)"
        R"("mirror":"http://mirror.example/debian/","sourceDateEpoch":1700000000},)"
        R"("relaxedChecks":["missing-library: libx.so.1",)"
        R"("signature: http://repo.example/ stable"]})");
    const json::Value& lock = build.at("internalParameters").at("lock");
    CHECK(lock.at("digest").at("sha256").as_string() == lock_sha256(sample_lock()));
    CHECK(package::parse_lock(json::write(lock.at("document")), "lock") == sample_lock());
    const json::Array& dependencies = build.at("resolvedDependencies").as_array();
    // Packages and archives of both architectures are the same here, and stand there once.
    REQUIRE(dependencies.size() == 12);
    CHECK(
        json::write(dependencies[0]) ==
        R"({"name":"server.yaml","digest":{"sha256":")" + hash_hex("from: cc\n") +
            R"("},"content":"ZnJvbTogY2MK","mediaType":"application/yaml",)"
            R"("annotations":{"kind":"definition"}})");
    CHECK(
        json::write(dependencies[11]) ==
        R"({"name":"libc6","uri":"http://repo.example/pool/libc6.deb","digest":{"sha256":")" +
            kHash + R"("},"annotations":{"kind":"package"}})");
    CHECK(
        json::write(predicate.at("runDetails")) ==
        R"({"builder":{"id":"https://ci.example/acme","version":{"pare":"0.1.0"}}})");
}

TEST_CASE("members that are not known are passed over, kinds that are not known are not") {
    CHECK(
        parse_provenance(json::parse(
            changed(R"("buildType")", R"("added":[1],"buildType")"), "provenance")) == sample());
    CHECK(contains(
        refusal(changed(R"("kind":"slices")", R"("kind":"secret")")),
        "has a dependency of the unknown kind \"secret\""));
}

TEST_CASE("provenance that contradicts itself or cannot be built from is refused") {
    CHECK(contains(
        refusal(changed("urn:pare:build:v1", "https://acme.example/build")),
        "is of a build of type \"https://acme.example/build\""));
    CHECK(contains(
        refusal(changed("ZnJvbTogY2MK", "ZnJvbTogYWMK")),
        "has a text of server.yaml that is not what its hash says"));
    CHECK(contains(refusal(changed("ZnJvbTogY2MK", "?")), "\"content\" is not base64"));
    CHECK(contains(
        refusal(changed("urn:pare:definition:cc", "urn:pare:definition:base")),
        "has no text of cc"));
    CHECK(contains(refusal(changed("2.41-12", "2.41-13")), "has a lock that is not what its hash"));
    CHECK(contains(refusal(changed("\"version\":1", "\"version\":2")), "has a lock that is none"));
    CHECK(contains(
        refusal(changed(R"(pool/libc6.deb","digest")", R"(pool/other.deb","digest")")),
        "names other packages than its lock"));
    CHECK(contains(
        refusal(changed(R"("definition":"server.yaml")", R"("definition":"other.yaml")")),
        "has no definition other.yaml"));
    CHECK(contains(
        refusal(changed("\"bin/server\"", "\"/etc/shadow\"")),
        "has a \"name\" that is no relative path"));
    CHECK(contains(
        refusal(changed(R"("architectures":["amd64","arm64"])", R"("architectures":[])")),
        "is of 0 architectures"));
    const std::string digest = R"("bin/server","digest":{"sha256":")";
    CHECK(contains(
        refusal(changed(digest + kHash, digest + "abc")), "has a \"sha256\" that is none"));
    CHECK(contains(refusal(changed("1700000000", "-1")), "sourceDateEpoch"));
    CHECK(contains(refusal("{}"), "buildDefinition"));
}

TEST_CASE("provenance of more definitions than a lineage can have is refused") {
    Provenance many = sample();
    while (many.definitions.size() < 65) {
        many.definitions.push_back(many.definitions.back());
    }
    CHECK(contains(refusal(text_of(many)), "has 65 definitions"));
}
