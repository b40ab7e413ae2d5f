// SPDX-License-Identifier: Apache-2.0
#include "attest/policy.hh"
#include "attest/statement.hh"
#include "support/expect.hh"
#include "unit/attest/keyless.hh"

#include <doctest/doctest.h>

#include <map>

using namespace pare;
using namespace pare::attest;
using pare::attest::test::KeylessWorld;
using pare::attest::test::new_key;
using pare::test::error_of;
using pare::test::told;

namespace {

/// The files that a policy may name.
struct Files {
    KeylessWorld world{};
    std::map<std::string, Bytes> files{
        {"release.pub", new_key().public_key().pem()},
        {"ci.pub", new_key().public_key().pem()},
        {"root.json", world.trusted_root()}};

    [[nodiscard]] Policy parse(const std::string& text) const {
        return parse_policy(text, "policy.yaml", [this](const std::string& path) {
            const auto found = files.find(path);
            if (found == files.end()) {
                throw Error(ErrorKind::environment, "there is no " + path);
            }
            return found->second;
        });
    }

    [[nodiscard]] std::string problem(const std::string& text) const {
        const Error error = error_of([&] { return parse(text); });
        CHECK(error.kind() == ErrorKind::definition);
        return told(error);
    }
};

constexpr const char* kPolicy = R"(
keys:
  release: release.pub
  ci: ci.pub
identities:
  pipeline: {issuer: https://token.example, subject: https://ci.example/**}
trusted-root: root.json
rules:
  - repositories: [registry.example/prod/**, registry.example/shared]
    require:
      - signed-by: [release]
      - {type: slsaprovenance1, signed-by: [ci, pipeline]}
  - repositories: [registry.example/*]
    require:
      - signed-by: [ci]
)";

} // namespace

TEST_CASE("a policy says who must have signed what, and the first rule that fits decides") {
    const Policy policy = Files().parse(kPolicy);
    CHECK(policy.root);
    const Rule& production = find_rule(policy, "registry.example/prod/a/b");
    REQUIRE(production.requirements.size() == 2);
    CHECK(to_string(production.requirements[0]) == "signature by release");
    CHECK(
        to_string(production.requirements[1]) ==
        "attestation of type https://slsa.dev/provenance/v1 by ci or pipeline");
    CHECK(&find_rule(policy, "registry.example/shared") == &production);
    CHECK(&find_rule(policy, "registry.example/tool") == &policy.rules[1]);
}

TEST_CASE("what no rule names is refused") {
    const Policy policy = Files().parse(kPolicy);
    for (const char* repository : {"", "registry.example", "registry.example/test/a", "prod/a"}) {
        const Error error = error_of([&] { return find_rule(policy, repository).repositories; });
        CHECK(error.kind() == ErrorKind::refused);
    }
}

TEST_CASE("a key can stand in the policy itself") {
    const auto key = new_key().public_key();
    std::string indented;
    for (const char c : key.pem()) {
        indented += c == '\n' ? "\n    " : std::string(1, c);
    }
    const Policy policy = Files().parse(
        "keys:\n  release: |\n    " + indented +
        "\nrules: [{repositories: ['**'], require: [{signed-by: [release]}]}]\n");
    const auto& signer = policy.rules.front().requirements.front().signers.front();
    CHECK(std::get<KeyHolder>(signer.who).key == key);
}

TEST_CASE("mistakes in a policy are told with their place and how to mend them") {
    const Files files;
    const std::string keys = "keys: {release: release.pub}\n";
    CHECK(
        files.problem("keyz: {}") == "policy.yaml:1:1: unknown key \"keyz\" | did you mean keys?");
    CHECK(
        files.problem(keys + "rules: []") ==
        "policy.yaml:2:8: rules must be a list that is not empty | see docs/signing.md");
    CHECK(files.problem(keys) == "policy.yaml:1:1: a policy has no rules | see docs/signing.md");
    CHECK(
        files.problem(keys + "rules: [{repositories: [a], require: []}]") ==
        "policy.yaml:2:38: require must be a list that is not empty | see docs/signing.md");
    CHECK(
        files.problem(keys + "rules: [{repositories: [a], require: [{signed-by: []}]}]") ==
        "policy.yaml:2:51: signed-by must be a list that is not empty | see docs/signing.md");
    CHECK(
        files.problem(keys + "rules: [{repositories: [a], require: [{type: spdx}]}]") ==
        "policy.yaml:2:39: a requirement has no signed-by | see docs/signing.md");
    CHECK(
        files.problem(keys + "rules: [{repositories: [a], require: [{signed-by: [releas]}]}]") ==
        "policy.yaml:2:52: \"releas\" is neither a key nor an identity | did you mean release?");
    CHECK(
        files.problem(
            keys + "rules: [{repositories: [a], require: [{type: spdy, signed-by: [release]}]}]") ==
        "policy.yaml:2:46: \"spdy\" is not a type of predicates | did you mean spdx?");
    CHECK(
        files.problem("identities: {ci: {issuer: a, subject: b}}\nrules: []") ==
        "policy.yaml:1:14: there is no trust root to know ci by | add trusted-root: FILE");
    CHECK(
        files.problem(
            keys + "trusted-root: root.json\nidentities: {release: {issuer: a, subject: b}}") ==
        "policy.yaml:3:14: release is named twice | give it another name");
    CHECK(
        files.problem("trusted-root: root.json\nidentities: {ci: {issuer: a}}") ==
        "policy.yaml:2:18: an identity has no subject | see docs/signing.md");
}

TEST_CASE("files that a policy names must be there and be what they should") {
    Files files;
    CHECK(error_of([&] {
              return files.parse("keys: {a: missing.pub}");
          }).kind() == ErrorKind::environment);
    files.files["release.pub"] = "no key";
    const Error error = error_of([&] { return files.parse("keys: {a: release.pub}"); });
    CHECK(error.kind() == ErrorKind::refused);
    CHECK(error.where().file == "release.pub");
    CHECK(error.context().front() == "reading the key a");
}
