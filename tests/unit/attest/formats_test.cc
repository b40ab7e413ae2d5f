// SPDX-License-Identifier: Apache-2.0
// The bytes of envelopes, statements, payloads and bundles: exactly those that others write, and
// what others write is read.
#include "attest/bundle.hh"
#include "attest/simple_signing.hh"
#include "attest/statement.hh"
#include "support/digest.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::attest;
using pare::test::contains;
using pare::test::error_of;
using pare::test::told;

namespace {

const std::string kHex(64, 'a');

template <typename Work>
std::string refusal(Work&& work) {
    const Error error = error_of(std::forward<Work>(work));
    CHECK(error.kind() == ErrorKind::refused);
    return error.message();
}

/// cosign 2.5.0: attest --new-bundle-format with a key.
constexpr const char* kCosignBundle =
    R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json", "verificationMaterial":)"
    R"({"publicKey":{"hint":"WWSeQF1fcD46VaRl9pdDrTF2tBwotXMRKeiqmoHTsV8="}}, "dsseEnvelope":)"
    R"({"payload":"e30=", "payloadType":"application/vnd.in-toto+json", "signatures":)"
    R"([{"sig":"MEUC"}]}})";

} // namespace

TEST_CASE("what is signed of an envelope is the example of the specification") {
    CHECK(
        pre_authentication_encoding("http://example.com/HelloWorld", "hello world") ==
        "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    CHECK(pre_authentication_encoding("", "") == "DSSEv1 0  0 ");
}

TEST_CASE("an envelope is written in one form and read in all") {
    const Envelope envelope{
        .payload_type = "t",
        .payload = "\xfb\xff",
        .signatures = {{.key_id = "k", .signature = "s"}}};
    CHECK(
        json::write(envelope_json(envelope)) ==
        R"({"payload":"+/8=","payloadType":"t","signatures":[{"sig":"cw==","keyid":"k"}]})");
    CHECK(parse_envelope(envelope_json(envelope)) == envelope);
    const auto parsed = parse_envelope(json::parse(
        R"({"payloadType":"t","payload":"-_8=","signatures":[{"keyid":null,"sig":"cw=="}]})", "e"));
    CHECK(parsed.payload == "\xfb\xff");
    CHECK(parsed.signatures.front().key_id.empty());
}

TEST_CASE("an envelope without type, payload or signature is refused") {
    const auto refused = [](const char* text) {
        return refusal([&] { return parse_envelope(json::parse(text, "e")); });
    };
    CHECK(contains(
        refused(R"({"payloadType":"","payload":"","signatures":[{"sig":""}]})"), "of type \"\""));
    CHECK(contains(refused(R"({"payloadType":"t","payload":""})"), "0 signatures"));
    CHECK(contains(refused(R"({"payloadType":"t","payload":"*"})"), "\"payload\" is not base64"));
    CHECK(contains(refused(R"({"payloadType":"t"})"), "payload"));
}

TEST_CASE("a statement is written as in-toto has it, and read in both versions") {
    const Statement statement{
        .subjects = {{.name = "registry.example/app", .digests = {{"sha256", kHex}}}},
        .predicate_type = "https://example.com/x",
        .predicate = json::Object{{"a", 1}}};
    const std::string text = R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":)"
                             R"("registry.example/app","digest":{"sha256":")" +
                             kHex +
                             R"("}}],"predicateType":"https://example.com/x",)"
                             R"("predicate":{"a":1}})";
    CHECK(write_statement(statement) == text);
    CHECK(parse_statement(text, "s") == statement);
    std::string older = text;
    older.replace(older.find("/v1"), 3, "/v0.1");
    CHECK(parse_statement(older, "s") == statement);
    CHECK(is_about(statement, "sha256:" + kHex));
    CHECK(!is_about(statement, kHex));
    CHECK(!is_about(statement, "sha256:" + std::string(64, 'b')));
}

TEST_CASE("a statement about nothing is refused") {
    const auto refused = [](const std::string& subject) {
        return refusal([&] {
            return parse_statement(
                R"({"_type":"https://in-toto.io/Statement/v1","predicateType":"t","subject":)" +
                    subject + "}",
                "s");
        });
    };
    CHECK(refused("[]") == "a statement about 0 subjects");
    CHECK(refused(R"([{"name":"a","digest":{}}])") == "a subject of the statement has no digest");
    CHECK(contains(refused(R"([{"name":"a"}])"), "digest"));
}

TEST_CASE("predicates have cosign's short names") {
    CHECK(parse_predicate_type("slsaprovenance1") == "https://slsa.dev/provenance/v1");
    CHECK(parse_predicate_type("spdxjson") == "https://spdx.dev/Document");
    CHECK(parse_predicate_type("https://example.com/x") == "https://example.com/x");
    const Error error = error_of([] { return parse_predicate_type("cyclondx"); });
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(told(error) == "\"cyclondx\" is not a type of predicates | did you mean cyclonedx?");
}

TEST_CASE("the payload of a signature under a tag is cosign's, byte for byte") {
    const SimpleSigning payload{
        .repository = "127.0.0.1:15055/team/app", .digest = "sha256:" + kHex};
    const std::string text =
        R"({"critical":{"identity":{"docker-reference":"127.0.0.1:15055/team/app"},)"
        R"("image":{"docker-manifest-digest":"sha256:)" +
        kHex + R"("},"type":"cosign container image signature"},"optional":null})";
    CHECK(write_simple_signing(payload) == text);
    CHECK(parse_simple_signing(text, "p") == payload);
}

TEST_CASE("cosign's bundle is read") {
    const Bundle bundle = parse_bundle(kCosignBundle, "b");
    CHECK(bundle.key_hint == "WWSeQF1fcD46VaRl9pdDrTF2tBwotXMRKeiqmoHTsV8=");
    CHECK(std::get<Envelope>(bundle.content).payload == "{}");
    CHECK(parse_bundle(write_bundle(bundle), "again") == bundle);
}

TEST_CASE("a bundle with all there is reads back as it was") {
    Bundle bundle{
        .certificates = {"leaf"},
        .log_entries =
            {{.index = 7,
              .log_id = "log",
              .kind = "dsse",
              .version = "0.0.1",
              .time = 1'700'000'000,
              .promise = "promise",
              .proof =
                  InclusionProof{
                      .index = 3,
                      .tree_size = 9,
                      .root_hash = "root",
                      .hashes = {"a", "b"},
                      .checkpoint = "note\n"},
              .body = "body"}},
        .content = Envelope{
            .payload_type = kInTotoType, .payload = "{}", .signatures = {{.signature = "s"}}}};
    CHECK(parse_bundle(write_bundle(bundle), "b") == bundle);
    bundle.certificates.emplace_back("authority");
    bundle.media_type = "application/vnd.dev.sigstore.bundle+json;version=0.1";
    bundle.log_entries.front().proof.reset();
    CHECK(parse_bundle(write_bundle(bundle), "b") == bundle);
    bundle.content =
        MessageSignature{.algorithm = "SHA2_256", .digest = "digest", .signature = "s"};
    CHECK(parse_bundle(write_bundle(bundle), "b") == bundle);
}

TEST_CASE("a bundle must have one signer and one content, and not too much of anything") {
    const auto refused = [](std::string_view from, std::string_view to) {
        std::string text = kCosignBundle;
        const std::size_t at = text.find(from);
        REQUIRE(at != text.npos);
        text.replace(at, from.size(), to);
        return refusal([&] { return parse_bundle(text, "b"); });
    };
    CHECK(contains(refused("\"publicKey\"", "\"other\""), "one of publicKey, certificate and"));
    CHECK(contains(
        refused("\"publicKey\"", "\"certificate\":{\"rawBytes\":\"\"},\"publicKey\""),
        "one of publicKey, certificate and"));
    CHECK(contains(refused("\"dsseEnvelope\"", "\"other\""), "one of dsseEnvelope and"));
    CHECK(contains(
        refused("\"dsseEnvelope\"", "\"messageSignature\":{},\"dsseEnvelope\""),
        "one of dsseEnvelope and"));
    CHECK(contains(refused("v0.3", "v0.4"), "is not the media type of a bundle"));
    CHECK(contains(
        refused(
            "\"publicKey\":{\"hint\":\"WWSeQF1fcD46VaRl9pdDrTF2tBwotXMRKeiqmoHTsV8=\"}",
            "\"x509CertificateChain\":{\"certificates\":[]}"),
        "chain of certificates is empty"));
    std::string entries = "\"tlogEntries\":[";
    for (int i = 0; i < 17; ++i) {
        entries += i == 0 ? "{}" : ",{}";
    }
    CHECK(contains(
        refused("\"publicKey\"", entries + "],\"publicKey\""), "17 log entries, 16 at most"));
    CHECK(contains(
        refused("\"publicKey\"", "\"tlogEntries\":[{\"logIndex\":\"-1\"}],\"publicKey\""),
        "kindVersion"));
}
