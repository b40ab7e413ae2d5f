// SPDX-License-Identifier: Apache-2.0
// What somebody can do who may write to where an image lies, but has not the key: each is refused,
// and with the reason that is meant. The good signature was there before, so that every case shows
// that exactly this change is what takes it away.
#include "attest/simple_signing.hh"
#include "support/base64.hh"
#include "unit/attest/scene.hh"

#include <doctest/doctest.h>

using namespace pare::attest;
using namespace pare::attest::test;
using pare::Bytes;
using pare::BytesView;
using pare::from_base64;
using pare::to_base64;
using pare::write_file;
namespace json = pare::json;
namespace oci = pare::oci;

namespace {

constexpr const char* kType = "https://example.com/checked/v1";
constexpr const char* kSignature = "dev.cosignproject.cosign/signature";

struct Variant {
    const char* name;
    void (*change)(Scene& scene);
    const char* reason;
};

Bytes flipped(Bytes bytes) {
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    return bytes;
}

const std::string kOtherDigest = "sha256:" + std::string(64, 'b');

/// The payload of the layer under `.sig`, signed again by the key that counts: what its holder
/// signed for another purpose.
void sign_anew(Scene& scene, const std::function<Bytes(Bytes)>& change) {
    scene.change_tag(".sig", [&](oci::Artifact& manifest, Bytes& content) {
        content = change(content);
        manifest.layers.front().annotations[kSignature] = to_base64(scene.key.sign(content));
    });
}

void change_signature(Scene& scene, const std::string& to) {
    scene.change_tag(".sig", [&](oci::Artifact& manifest, Bytes&) {
        manifest.layers.front().annotations[kSignature] = to;
    });
}

const Variant kSignatures[] = {
    {"the payload names another image",
     [](Scene& scene) {
         scene.change_tag(".sig", [&](oci::Artifact&, Bytes& content) {
             content = replaced(content, scene.home()->image().digest, kOtherDigest);
         });
     },
     "the signature is not one of this payload by release"},
    {"a space more in the payload",
     [](Scene& scene) {
         scene.change_tag(".sig", [](oci::Artifact&, Bytes& content) { content += " "; });
     },
     "the signature is not one of this payload by release"},
    {"a bit of the signature",
     [](Scene& scene) {
         scene.change_tag(".sig", [](oci::Artifact& manifest, Bytes&) {
             std::string& signature = manifest.layers.front().annotations[kSignature];
             signature = to_base64(flipped(*from_base64(signature)));
         });
     },
     "the signature is not one of this payload by release"},
    {"no signature", [](Scene& scene) { change_signature(scene, ""); },
     "its annotation dev.cosignproject.cosign/signature is no signature"},
    {"a signature that is not base64", [](Scene& scene) { change_signature(scene, "trust me"); },
     "its annotation dev.cosignproject.cosign/signature is no signature"},
    {"a signature by another key",
     [](Scene& scene) {
         scene.change_tag(".sig", [&](oci::Artifact& manifest, Bytes& content) {
             manifest.layers.front().annotations[kSignature] =
                 to_base64(scene.foreign.sign(content));
         });
     },
     "the signature is not one of this payload by release"},
    {"the good signature of another image",
     [](Scene& scene) {
         const auto other = scene.home("other");
         sign(*other, scene.key, Form::tag);
         const oci::Document manifest = *other->find_tag(attachment_tag(other->image(), ".sig"));
         scene.layout().change_tag(scene.tag(".sig"), [&](const auto&) { return manifest; });
     },
     "it is about another image: sha256:"},
    {"a payload of another type that the key signed",
     [](Scene& scene) {
         sign_anew(scene, [](const Bytes& content) {
             return replaced(content, "cosign container image signature", "a promise");
         });
     },
     "\"a promise\" is not the type of an image's signature"},
    {"a payload without the image that the key signed",
     [](Scene& scene) {
         sign_anew(scene, [](const Bytes& content) {
             return replaced(content, "docker-manifest-digest", "digest");
         });
     },
     "docker-manifest-digest"},
    {"a payload that says it twice",
     [](Scene& scene) {
         sign_anew(scene, [](const Bytes& content) {
             return replaced(content, "\"optional\"", "\"critical\"");
         });
     },
     "critical"},
    {"a signed statement in place of the payload",
     [](Scene& scene) {
         sign_anew(scene, [](const Bytes& content) {
             return pre_authentication_encoding(kInTotoType, content);
         });
     },
     "bad JSON"},
    {"another media type of the layer",
     [](Scene& scene) {
         scene.change_tag(".sig", [](oci::Artifact& manifest, Bytes&) {
             manifest.layers.front().media_type = "text/plain";
         });
     },
     "its media type is text/plain, expected application/vnd.dev.cosign.simplesigning.v1+json"},
    {"another blob under the payload's digest",
     [](Scene& scene) {
         const auto path = scene.content_path(".sig");
         write_file(path, flipped(pare::read_file(path)));
     },
     "expected"},
    {"a size that is not the payload's",
     [](Scene& scene) {
         scene.change_tag(
             ".sig", [](oci::Artifact& manifest, Bytes&) { ++manifest.layers.front().size; });
     },
     "expected"},
    {"no payload at all", [](Scene& scene) { std::filesystem::remove(scene.content_path(".sig")); },
     "lacks the blob"},
    {"a manifest that is none",
     [](Scene& scene) {
         scene.layout().change_tag(scene.tag(".sig"), [](const auto&) {
             return oci::make_blob("{\"schemaVersion\":1}", oci::kManifestType);
         });
     },
     "it is no manifest of an image or artifact"},
};

json::Value envelope_of(const Bytes& content) {
    return json::parse(content, "envelope");
}

/// Changes the member of a JSON object.
Bytes with_member(const json::Value& object, const char* key, json::Value value) {
    json::Object copy = object.as_object();
    copy.set(key, std::move(value));
    return json::write(copy);
}

/// Changes the payload of an envelope, and nothing else.
json::Value with_payload(const json::Value& envelope, std::string_view from, std::string_view to) {
    json::Object copy = envelope.as_object();
    const std::string payload = *from_base64(copy.find("payload")->as_string());
    copy.set("payload", to_base64(replaced(payload, from, to)));
    return copy;
}

/// The attestation under `.att`, with another statement that the key signed.
void attest_anew(Scene& scene, const std::function<Bytes(Bytes)>& change) {
    scene.change_tag(".att", [&](oci::Artifact&, Bytes& content) {
        Envelope envelope = parse_envelope(envelope_of(content));
        envelope.payload = change(envelope.payload);
        envelope.signatures.front().signature =
            scene.key.sign(pre_authentication_encoding(envelope.payload_type, envelope.payload));
        content = json::write(envelope_json(envelope));
    });
}

void change_attestation(Scene& scene, const std::function<Bytes(const json::Value&)>& change) {
    scene.change_tag(
        ".att", [&](oci::Artifact&, Bytes& content) { content = change(envelope_of(content)); });
}

const Variant kAttestations[] = {
    {"another predicate",
     [](Scene& scene) {
         change_attestation(scene, [](const json::Value& envelope) {
             return json::write(with_payload(envelope, "\"passed\":true", "\"passed\":null"));
         });
     },
     "the signature is not one of this payload by release"},
    {"another type of the predicate",
     [](Scene& scene) {
         change_attestation(scene, [](const json::Value& envelope) {
             return json::write(with_payload(envelope, "checked/v1", "checked/v2"));
         });
     },
     "the signature is not one of this payload by release"},
    {"a swapped subject",
     [](Scene& scene) {
         change_attestation(scene, [&](const json::Value& envelope) {
             return json::write(with_payload(
                 envelope, scene.home()->image().digest.substr(7), kOtherDigest.substr(7)));
         });
     },
     "the signature is not one of this payload by release"},
    {"another type of the payload",
     [](Scene& scene) {
         change_attestation(scene, [](const json::Value& envelope) {
             return with_member(envelope, "payloadType", "text/plain");
         });
     },
     "its payload is of type text/plain, expected application/vnd.in-toto+json"},
    {"no signature",
     [](Scene& scene) {
         change_attestation(scene, [](const json::Value& envelope) {
             return with_member(envelope, "signatures", json::Array());
         });
     },
     "an envelope with 0 signatures"},
    {"two payloads",
     [](Scene& scene) {
         change_attestation(scene, [](const json::Value& envelope) {
             return replaced(json::write(envelope), "{", "{\"payload\":\"e30=\",");
         });
     },
     "payload"},
    {"an annotation that says another type",
     [](Scene& scene) {
         scene.change_tag(".att", [](oci::Artifact& manifest, Bytes&) {
             manifest.layers.front().annotations["predicateType"] =
                 "https://slsa.dev/provenance/v1";
         });
     },
     "its manifest says that it is of type https://slsa.dev/provenance/v1"},
    {"the good attestation of another image",
     [](Scene& scene) {
         const auto other = scene.home("other");
         attest(*other, scene.key, kType, json::Object{{"passed", true}}, Form::tag);
         const oci::Document manifest = *other->find_tag(attachment_tag(other->image(), ".att"));
         scene.layout().change_tag(scene.tag(".att"), [&](const auto&) { return manifest; });
     },
     "it is about another image: sha256:"},
    {"a statement of an unknown type that the key signed",
     [](Scene& scene) {
         attest_anew(scene, [](const Bytes& statement) {
             return replaced(statement, "Statement/v1", "Statement/v9");
         });
     },
     "\"https://in-toto.io/Statement/v9\" is not the type of a statement"},
    {"a statement about a weaker digest that the key signed",
     [](Scene& scene) {
         attest_anew(scene, [](const Bytes& statement) {
             return replaced(statement, "\"sha256\"", "\"sha1\"");
         });
     },
     "it is about another image: sha256:not named"},
    {"a statement of another predicate that the key signed",
     [](Scene& scene) {
         attest_anew(scene, [](const Bytes& statement) {
             return replaced(statement, "checked/v1", "checked/v2");
         });
         scene.change_tag(".att", [](oci::Artifact& manifest, Bytes&) {
             manifest.layers.front().annotations.erase("predicateType");
         });
     },
     "it is of type https://example.com/checked/v2, expected https://example.com/checked/v1"},
    {"a signature's payload as attestation",
     [](Scene& scene) {
         scene.change_tag(".att", [](oci::Artifact& manifest, Bytes&) {
             manifest.layers.front().media_type = kSimpleSigningType;
         });
     },
     "its media type is application/vnd.dev.cosign.simplesigning.v1+json, expected"},
};

void change_bundle(Scene& scene, const std::function<void(Bundle&)>& change) {
    scene.change_referrer([&](oci::Artifact&, Bytes& content) {
        Bundle bundle = parse_bundle(content, "bundle");
        change(bundle);
        content = write_bundle(bundle);
    });
}

Envelope& envelope_in(Bundle& bundle) {
    return std::get<Envelope>(bundle.content);
}

const Variant kBundles[] = {
    {"a bit of the payload",
     [](Scene& scene) {
         change_bundle(scene, [](Bundle& bundle) {
             envelope_in(bundle).payload = flipped(envelope_in(bundle).payload);
         });
     },
     "the signature is not one of this payload by release"},
    {"a bit of the signature",
     [](Scene& scene) {
         change_bundle(scene, [](Bundle& bundle) {
             Bytes& signature = envelope_in(bundle).signatures.front().signature;
             signature = flipped(signature);
         });
     },
     "the signature is not one of this payload by release"},
    {"a signature by another key, which it names",
     [](Scene& scene) {
         change_bundle(scene, [&](Bundle& bundle) {
             bundle.key_hint = key_hint(scene.foreign.public_key());
             Envelope& envelope = envelope_in(bundle);
             envelope.signatures.front() = {
                 .key_id = bundle.key_hint,
                 .signature = scene.foreign.sign(
                     pre_authentication_encoding(envelope.payload_type, envelope.payload))};
         });
     },
     "it is signed by another key than release: "},
    {"a signature by another key that claims to be the right one",
     [](Scene& scene) {
         change_bundle(scene, [&](Bundle& bundle) {
             Envelope& envelope = envelope_in(bundle);
             envelope.signatures.front().signature = scene.foreign.sign(
                 pre_authentication_encoding(envelope.payload_type, envelope.payload));
         });
     },
     "the signature is not one of this payload by release"},
    {"two keys named",
     [](Scene& scene) {
         change_bundle(scene, [](Bundle& bundle) {
             envelope_in(bundle).signatures.front().key_id = "other";
         });
     },
     "the bundle's envelope names the key other, its hint "},
    {"a second signature",
     [](Scene& scene) {
         change_bundle(scene, [](Bundle& bundle) {
             Envelope& envelope = envelope_in(bundle);
             envelope.signatures.push_back(envelope.signatures.front());
         });
     },
     "the bundle's envelope has 2 signatures, expected 1"},
    {"a certificate in place of the key",
     [](Scene& scene) {
         change_bundle(scene, [](Bundle& bundle) { bundle.certificates = {"certificate"}; });
     },
     "it is signed with a certificate, and not by a key"},
    {"a signed file in place of the statement",
     [](Scene& scene) {
         change_bundle(scene, [&](Bundle& bundle) {
             bundle.content = MessageSignature{
                 .algorithm = "SHA2_256", .digest = "digest", .signature = scene.key.sign("x")};
         });
     },
     "its bundle signs a file and says nothing of an image"},
    {"a bundle of an unknown version",
     [](Scene& scene) {
         change_bundle(scene, [](Bundle& bundle) {
             bundle.media_type = "application/vnd.dev.sigstore.bundle.v9+json";
         });
     },
     "\"application/vnd.dev.sigstore.bundle.v9+json\" is not the media type of a bundle"},
    {"a bundle of another version than its layer says",
     [](Scene& scene) {
         change_bundle(scene, [](Bundle& bundle) {
             bundle.media_type = "application/vnd.dev.sigstore.bundle+json;version=0.1";
         });
     },
     "its bundle is of type application/vnd.dev.sigstore.bundle+json;version=0.1"},
    {"another type of the artifact",
     [](Scene& scene) {
         scene.change_referrer(
             [](oci::Artifact& manifest, Bytes&) { manifest.artifact_type = "text/plain"; });
     },
     "its types are text/plain and"},
    {"another type of the layer",
     [](Scene& scene) {
         scene.change_referrer([](oci::Artifact& manifest, Bytes&) {
             manifest.layers.front().media_type = "text/plain";
         });
     },
     "its types are application/vnd.dev.sigstore.bundle.v0.3+json and text/plain"},
    {"a second layer",
     [](Scene& scene) {
         scene.change_referrer([](oci::Artifact& manifest, Bytes&) {
             manifest.layers.push_back(manifest.layers.front());
         });
     },
     "its manifest has 2 layers, expected 1"},
    {"an annotation that says another type",
     [](Scene& scene) {
         scene.change_referrer([](oci::Artifact& manifest, Bytes&) {
             manifest.annotations["dev.sigstore.bundle.predicateType"] = kType;
         });
     },
     "its manifest says that it is of type https://example.com/checked/v1"},
    {"the good bundle of another image with this one as subject",
     [](Scene& scene) {
         const auto other = scene.home("other");
         sign(*other, scene.key, Form::bundle);
         const oci::Document manifest = other->referrers().front();
         const Bytes bundle = scene.layout().read(
             oci::parse_artifact(manifest.bytes, "manifest").layers.front(), 1U << 20);
         scene.change_referrer([&](oci::Artifact&, Bytes& content) { content = bundle; });
     },
     "it is about another image: sha256:"},
};

/// Every change takes away what was good before, for the reason that is meant.
void check(
    const Variant& variant, const std::string& type, const std::function<void(Scene&)>& prepare) {
    CAPTURE(variant.name);
    Scene scene;
    prepare(scene);
    CHECK(scene.verify(type).accepted.size() == 1);
    variant.change(scene);
    const Outcome outcome = scene.verify(type);
    CHECK(outcome.accepted.empty());
    REQUIRE(outcome.rejected.size() == 1);
    CAPTURE(outcome.rejected.front().reason);
    CHECK(contains(outcome.rejected.front().reason, variant.reason));
}

} // namespace

TEST_CASE("a tampered signature under a tag is refused, and the reason is told") {
    for (const Variant& variant : kSignatures) {
        check(variant, kSignatureType, [](Scene& scene) {
            sign(*scene.home(), scene.key, Form::tag);
        });
    }
}

TEST_CASE("a tampered attestation under a tag is refused, and the reason is told") {
    for (const Variant& variant : kAttestations) {
        check(variant, kType, [](Scene& scene) {
            attest(*scene.home(), scene.key, kType, json::Object{{"passed", true}}, Form::tag);
        });
    }
}

TEST_CASE("a tampered bundle is refused, and the reason is told") {
    for (const Variant& variant : kBundles) {
        check(variant, kSignatureType, [](Scene& scene) {
            sign(*scene.home(), scene.key, Form::bundle);
        });
    }
}

TEST_CASE("a bundle whose manifest is about another image is not found for this one") {
    Scene scene;
    sign(*scene.home(), scene.key, Form::bundle);
    scene.change_referrer(
        [&](oci::Artifact& manifest, Bytes&) { manifest.subject = scene.home("other")->image(); });
    CHECK(scene.verify().accepted.empty());
    CHECK(scene.verify().rejected.empty());
}

TEST_CASE("what somebody adds does not hide the good signature") {
    Scene scene;
    for (const Form form : {Form::tag, Form::bundle}) {
        sign(*scene.home(), scene.foreign, form);
        sign(*scene.home(), scene.key, form);
    }
    const Outcome outcome = scene.verify();
    CHECK(outcome.accepted.size() == 2);
    CHECK(outcome.rejected.size() == 2);
}
