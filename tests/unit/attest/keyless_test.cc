// SPDX-License-Identifier: Apache-2.0
// Signatures with certificates, against a trust root that the test makes: what is good, and every
// part that could be another.
#include "attest/statement.hh"
#include "support/expect.hh"
#include "unit/attest/keyless.hh"
#include "unit/attest/scene.hh"

#include <doctest/doctest.h>

using namespace pare::attest;
using namespace pare::attest::test;
using pare::Bytes;
using pare::Error;
using pare::ErrorKind;
using pare::from_base64;
using pare::to_base64;
using pare::test::contains;
using pare::test::error_of;
using pare::test::kExpires;
using pare::test::kIssued;
namespace json = pare::json;

namespace {

const Bytes kPayload = R"({"some":"statement"})";

/// A bundle on its way to being checked, and all that may be changed.
struct Case {
    KeylessWorld world{};
    Identity identity = pipeline();
    std::string root = world.trusted_root();
    Bundle bundle = world.sign(kPayload);

    [[nodiscard]] LogEntry& entry() { return bundle.log_entries.front(); }

    /// Signs and trusts anew, after the world was changed.
    void again() {
        root = world.trusted_root();
        bundle = world.sign(kPayload);
    }

    void check() const {
        check_signer(evidence_of(bundle), identity, parse_trusted_root(root, "root"));
    }
};

struct Variant {
    const char* name;
    void (*change)(Case& one);
    const char* reason;
};

void flip(Bytes& bytes) {
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
}

const Variant kVariants[] = {
    {"another subject",
     [](Case& one) { one.identity = pipeline("https://ci.example/evil/app@refs/tags/*"); },
     "the certificate is for https://ci.example/acme/app@refs/tags/v1, expected"},
    {"another issuer", [](Case& one) { one.identity = pipeline("**", "https://other.example"); },
     "the certificate's issuer is https://token.example, expected https://other.example"},
    {"no issuer",
     [](Case& one) {
         one.world.request.issuer = "";
         one.again();
     },
     "the certificate's issuer is not named"},
    {"logged after the certificate had expired",
     [](Case& one) {
         one.world.time = kExpires + 1;
         one.again();
     },
     "certificate has expired"},
    {"logged before the certificate was valid",
     [](Case& one) {
         one.world.time = kIssued - 1;
         one.again();
     },
     "certificate is not yet valid"},
    {"a time that the log did not sign", [](Case& one) { ++one.entry().time; },
     "the log entry's time is not signed by the log"},
    {"an index that the log did not sign", [](Case& one) { ++one.entry().index; },
     "the log entry's time is not signed by the log"},
    {"a bit of the log's signature", [](Case& one) { flip(one.entry().promise); },
     "the log entry's time is not signed by the log"},
    {"no signature of the log", [](Case& one) { one.entry().promise.clear(); },
     "the log entry has no signed time"},
    {"no log entry", [](Case& one) { one.bundle.log_entries.clear(); },
     "no log vouches for the time of the signature"},
    {"the log entry of another payload",
     [](Case& one) { one.entry() = one.world.sign("other").log_entries.front(); },
     "the log entry is one of another signature"},
    {"the log entry of another certificate",
     [](Case& one) { one.bundle.certificates = one.world.sign(kPayload).certificates; },
     "the log entry is one of another signature"},
    {"a log entry of another kind than it says", [](Case& one) { one.entry().kind = "intoto"; },
     "the log entry is said to be intoto 0.0.1 and is dsse 0.0.1"},
    {"a log entry of an unknown kind",
     [](Case& one) {
         one.entry() = one.world.log_entry(R"({"kind":"dsse","apiVersion":"9","spec":{}})");
         one.entry().version = "9";
     },
     "the log entry is of the unknown kind dsse 9"},
    {"a log that the root does not name",
     [](Case& one) {
         one.world.log = new_key();
         one.bundle = one.world.sign(kPayload);
     },
     "is not trusted for that time"},
    {"a log that the root trusts for another time",
     [](Case& one) {
         one.world.time = kIssued - 86'401;
         one.again();
     },
     "is not trusted for that time"},
    {"no proof of inclusion", [](Case& one) { one.entry().proof.reset(); },
     "the log entry has no proof of inclusion"},
    {"a bit of the proof", [](Case& one) { flip(one.entry().proof->hashes.front()); },
     "the log entry is not in the log's tree"},
    {"another place in the tree", [](Case& one) { --one.entry().proof->index; },
     "the log entry is not in the log's tree"},
    {"another root", [](Case& one) { flip(one.entry().proof->root_hash); },
     "the log's checkpoint is one of another tree"},
    {"a checkpoint of another size", [](Case& one) { ++one.entry().proof->tree_size; },
     "the log's checkpoint is one of another tree"},
    {"a changed checkpoint",
     [](Case& one) {
         one.entry().proof->checkpoint = replaced(one.entry().proof->checkpoint, "11", "12");
     },
     "the log's checkpoint is not signed by the log"},
    {"a checkpoint that is no note", [](Case& one) { one.entry().proof->checkpoint = "trust me"; },
     "the log's checkpoint is not a signed note"},
    {"a certificate of an authority that the root does not name",
     [](Case& one) {
         one.world.root = pare::test::Authority("root");
         one.world.below = pare::test::Authority("below", one.world.root);
         one.bundle = one.world.sign(kPayload);
     },
     "no authority vouches for the certificate"},
    {"a certificate that is in no log of certificates",
     [](Case& one) {
         one.world.timestamped_by = nullptr;
         one.again();
     },
     "the certificate is in no log of certificates that the trust root names"},
    {"a certificate in a log that the root does not name",
     [](Case& one) {
         one.world.timestamped_by = &one.world.log;
         one.again();
     },
     "the certificate is in no log of certificates that the trust root names"},
    {"a certificate for something else",
     [](Case& one) {
         one.world.request.extended_key_usage = "serverAuth";
         one.again();
     },
     "the certificate is not one for signing code"},
    {"a key in place of a certificate", [](Case& one) { one.bundle.certificates.clear(); },
     "it is signed by a key, without a certificate"},
    {"bytes in place of a certificate", [](Case& one) { one.bundle.certificates = {"x"}; },
     "the signer's certificate is no certificate"},
    {"a payload that the certificate's key did not sign",
     [](Case& one) {
         const Bytes signature = new_key().sign("x");
         auto& envelope = std::get<Envelope>(one.bundle.content);
         envelope.signatures.front().signature = signature;
         const auto certificate =
             pare::crypto::Certificate::from_der(one.bundle.certificates.front(), "c");
         one.entry() =
             one.world.log_entry(KeylessWorld::dsse_body(kPayload, signature, certificate.pem()));
     },
     "the signature is not one of this payload by the certificate's key"},
};

} // namespace

TEST_CASE("a signature with a certificate is good long after the certificate has expired") {
    const Case one;
    CHECK_NOTHROW(one.check());
}

TEST_CASE("whoever signed without a key is refused for any part that is another") {
    for (const Variant& variant : kVariants) {
        CAPTURE(variant.name);
        Case one;
        CHECK_NOTHROW(one.check());
        variant.change(one);
        const Error error = error_of([&] {
            one.check();
            return 0;
        });
        CHECK(error.kind() == ErrorKind::refused);
        CAPTURE(error.message());
        CHECK(contains(error.message(), variant.reason));
    }
}

TEST_CASE("the issuer may be in the older extension") {
    Case one;
    one.world.request.issuer = "";
    one.world.request.old_issuer = "https://token.example";
    one.again();
    CHECK_NOTHROW(one.check());
}

TEST_CASE("a pattern for subjects stays within a component unless it says otherwise") {
    Case one;
    for (const char* good : {"https://ci.example/acme/app@refs/tags/v1", "https://ci.example/**"}) {
        one.identity = pipeline(good);
        CHECK_NOTHROW(one.check());
    }
    for (const char* bad : {"https://ci.example/*", "https://ci.example/acme/app@refs/tags/v"}) {
        one.identity = pipeline(bad);
        CHECK_THROWS_AS(one.check(), Error);
    }
}

TEST_CASE("without a trust root there is nothing to believe a certificate by") {
    const Case one;
    const Error error = error_of([&] {
        check_signer(evidence_of(one.bundle), one.identity, std::nullopt);
        return 0;
    });
    CHECK(contains(error.message(), "there is no trust root to check that with"));
}

TEST_CASE("older bundles need no proof of inclusion beside the log's promise") {
    Case one;
    one.entry().proof.reset();
    Evidence evidence = evidence_of(one.bundle);
    evidence.needs_inclusion_proof = false;
    CHECK_NOTHROW(check_signer(evidence, one.identity, parse_trusted_root(one.root, "root")));
}

TEST_CASE("entries of the other kinds of the log are those of this signature or refused") {
    Case one;
    const auto& envelope = std::get<Envelope>(one.bundle.content);
    const Bytes signature = envelope.signatures.front().signature;
    const Bytes message = pre_authentication_encoding(envelope.payload_type, kPayload);
    const std::string pem =
        pare::crypto::Certificate::from_der(one.bundle.certificates.front(), "c").pem();
    const auto enter = [&](const char* kind, const char* version, json::Object spec) {
        one.entry() = one.world.log_entry(json::write(
            json::Object{{"apiVersion", version}, {"kind", kind}, {"spec", std::move(spec)}}));
        one.entry().kind = kind;
        one.entry().version = version;
    };
    const auto hash = [](const Bytes& bytes) {
        return json::Object{{"algorithm", "sha256"}, {"value", pare::hash_hex(bytes)}};
    };
    const auto record = [&](const Bytes& what) {
        return json::Object{
            {"data", json::Object{{"hash", hash(what)}}},
            {"signature", json::Object{
                              {"content", to_base64(signature)},
                              {"publicKey", json::Object{{"content", to_base64(pem)}}}}}};
    };
    const auto statement = [&](const Bytes& what) {
        const json::Object one_signature{
            {"sig", to_base64(to_base64(signature))}, {"publicKey", to_base64(pem)}};
        return json::Object{
            {"content", json::Object{
                            {"envelope", json::Object{{"signatures", json::Array{one_signature}}}},
                            {"payloadHash", hash(what)}}}};
    };
    enter("hashedrekord", "0.0.1", record(message));
    CHECK_NOTHROW(one.check());
    enter("hashedrekord", "0.0.1", record(kPayload));
    CHECK_THROWS_AS(one.check(), Error);
    enter("intoto", "0.0.2", statement(kPayload));
    CHECK_NOTHROW(one.check());
    enter("intoto", "0.0.2", statement(message));
    CHECK_THROWS_AS(one.check(), Error);
}

TEST_CASE("logs with keys that pare does not use are passed over, and not forgotten") {
    Case one;
    const std::string key = to_base64(one.world.certificate_log.public_key().der());
    one.root = replaced(one.root, key, to_base64("an unknown key"));
    if (contains(one.root, key)) {
        one.root = replaced(one.root, key, to_base64("an unknown key"));
    }
    const TrustedRoot root = parse_trusted_root(one.root, "root");
    CHECK(root.certificate_logs.empty());
    CHECK(root.wants_certificate_log);
    const Error error = error_of([&] {
        one.check();
        return 0;
    });
    CHECK(contains(error.message(), "the certificate is in no log of certificates"));
}

TEST_CASE("what is no trust root is refused") {
    const auto refusal = [](const std::string& text) {
        const Error error = error_of([&] { return parse_trusted_root(text, "root.json"); });
        CHECK(error.kind() == ErrorKind::refused);
        CHECK(error.context() == pare::test::Names{"reading the trust root root.json"});
        return error.message();
    };
    const std::string type =
        R"({"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1")";
    CHECK(contains(refusal("{}"), "mediaType"));
    CHECK(contains(refusal(R"({"mediaType":"text/plain"})"), "\"text/plain\" is not"));
    CHECK(contains(
        refusal(type + R"(,"certificateAuthorities":[{"certChain":{"certificates":[]}}]})"),
        "has no certificate"));
    CHECK(parse_trusted_root(type + "}", "root").logs.empty());
}

TEST_CASE("an image can be signed without a key that anybody keeps") {
    Scene scene;
    KeylessWorld world;
    const auto home = scene.home();
    const Statement statement{
        .subjects = {{.digests = {{"sha256", pare::digest_hex(home->image().digest)}}}},
        .predicate_type = kSignatureType,
        .predicate = json::Object()};
    sign(*home, scene.key, Form::bundle);
    scene.change_referrer([&](pare::oci::Artifact&, Bytes& content) {
        content = write_bundle(world.sign(write_statement(statement)));
    });
    const Requirement wanted{.predicate_type = kSignatureType, .signers = {pipeline()}};
    const auto root = parse_trusted_root(world.trusted_root(), "root");
    CHECK(verify(*home, wanted, root).accepted.size() == 1);
    const auto without = verify(*home, wanted, std::nullopt);
    CHECK(without.accepted.empty());
    CHECK(contains(without.rejected.front().reason, "there is no trust root"));
}

TEST_CASE("cosign's signatures without a key under a tag are good by the log's promise") {
    Scene scene;
    KeylessWorld world;
    sign(*scene.home(), scene.key, Form::tag);
    const auto certificate =
        world.below.issue(world.signer.public_key(), world.request, &world.certificate_log);
    const auto attach = [&](std::int64_t time_told) {
        scene.change_tag(".sig", [&](pare::oci::Artifact& manifest, Bytes& content) {
            const Bytes signature = world.signer.sign(content);
            const json::Object record{
                {"apiVersion", "0.0.1"},
                {"kind", "hashedrekord"},
                {"spec",
                 json::Object{
                     {"data",
                      json::Object{
                          {"hash",
                           json::Object{
                               {"algorithm", "sha256"}, {"value", pare::hash_hex(content)}}}}},
                     {"signature",
                      json::Object{
                          {"content", to_base64(signature)},
                          {"publicKey",
                           json::Object{{"content", to_base64(certificate.pem())}}}}}}}};
            const LogEntry entry = world.log_entry(json::write(record));
            const json::Object answer{
                {"SignedEntryTimestamp", to_base64(entry.promise)},
                {"Payload", json::Object{
                                {"body", to_base64(entry.body)},
                                {"integratedTime", time_told},
                                {"logIndex", entry.index},
                                {"logID", pare::to_hex(entry.log_id)}}}};
            auto& annotations = manifest.layers.front().annotations;
            annotations["dev.cosignproject.cosign/signature"] = to_base64(signature);
            annotations["dev.sigstore.cosign/certificate"] = certificate.pem();
            annotations["dev.sigstore.cosign/bundle"] = json::write(answer);
        });
    };
    const Requirement wanted{.predicate_type = kSignatureType, .signers = {pipeline()}};
    const auto root = parse_trusted_root(world.trusted_root(), "root");
    attach(world.time);
    CHECK(verify(*scene.home(), wanted, root).accepted.size() == 1);
    attach(world.time + 1);
    const Outcome outcome = verify(*scene.home(), wanted, root);
    REQUIRE(outcome.rejected.size() == 1);
    CHECK(outcome.rejected.front().reason == "the log entry's time is not signed by the log");
}
