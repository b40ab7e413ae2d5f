// SPDX-License-Identifier: Apache-2.0
// Under a tag, a signature is a further layer of the manifest that is there, and the manifest's
// config lists all layers once more, as cosign has it. A bundle is a manifest of its own. There is
// no time in any of it that nobody signed.
#include "attest/sign.hh"

#include "attest/simple_signing.hh"
#include "attest/verify.hh"
#include "oci/artifact.hh"
#include "support/base64.hh"
#include "support/digest.hh"

#include <algorithm>
#include <utility>

namespace pare::attest {

namespace {

constexpr const char* kNoTime = "0001-01-01T00:00:00Z";

/// The configuration that cosign gives to a manifest of signatures.
oci::Document write_tag_config(const std::vector<oci::Descriptor>& layers) {
    json::Array digests;
    for (const oci::Descriptor& layer : layers) {
        digests.emplace_back(layer.digest);
    }
    return oci::make_blob(
        json::write(json::Object{
            {"architecture", ""},
            {"created", kNoTime},
            {"history", json::Array{json::Object{{"created", kNoTime}}}},
            {"os", ""},
            {"rootfs", json::Object{{"type", "layers"}, {"diff_ids", std::move(digests)}}},
            {"config", json::Object()}}),
        oci::kConfigType);
}

void add_layer(ImageHome& home, const std::string& tag, const oci::Document& layer) {
    home.put_blob(layer);
    home.change_tag(tag, [&](const std::optional<oci::Document>& old) {
        oci::Artifact manifest = old ? oci::parse_artifact(old->bytes, tag) : oci::Artifact();
        if (std::ranges::find(manifest.layers, layer.descriptor) != manifest.layers.end()) {
            return *old;
        }
        manifest.layers.push_back(layer.descriptor);
        const oci::Document config = write_tag_config(manifest.layers);
        home.put_blob(config);
        manifest.config = config.descriptor;
        return oci::write_artifact(manifest);
    });
}

void add_bundle(ImageHome& home, const Bundle& bundle, const std::string& predicate_type) {
    const oci::Document content = oci::make_blob(write_bundle(bundle), kBundleType);
    home.put_blob(content);
    home.put_blob(oci::empty_config());
    home.add_referrer(oci::write_artifact(
        {.artifact_type = kBundleType,
         .config = oci::empty_config().descriptor,
         .layers = {content.descriptor},
         .subject = home.image(),
         .annotations = {
             {"dev.sigstore.bundle.content", "dsse-envelope"},
             {"dev.sigstore.bundle.predicateType", predicate_type}}}));
}

/// Without the key's name: verifiers name keys in different ways, and pass over a signature by a
/// key of another name.
Envelope sign_statement(const Statement& statement, const crypto::PrivateKey& key) {
    Envelope envelope{.payload_type = kInTotoType, .payload = write_statement(statement)};
    const Bytes message = pre_authentication_encoding(envelope.payload_type, envelope.payload);
    envelope.signatures = {{.signature = key.sign(message)}};
    return envelope;
}

Statement statement_of(
    const ImageHome& home, const std::string& predicate_type, const json::Value& predicate) {
    return {
        .subjects =
            {{.name = home.repository(), .digests = {{"sha256", digest_hex(home.image().digest)}}}},
        .predicate_type = predicate_type,
        .predicate = predicate};
}

/// Whether the key has said that in that form.
bool is_said(
    const ImageHome& home, const crypto::PrivateKey& key, const std::string& predicate_type,
    const json::Value& predicate, Form form) {
    const Requirement requirement{
        .predicate_type = predicate_type, .signers = {{.who = KeyHolder{key.public_key()}}}};
    const std::vector<Accepted> accepted = verify(home, requirement, std::nullopt).accepted;
    return std::any_of(accepted.begin(), accepted.end(), [&](const Accepted& one) {
        return one.form == form && one.predicate == predicate;
    });
}

void attach_bundle(ImageHome& home, const crypto::PrivateKey& key, const Statement& statement) {
    add_bundle(
        home, {.key_hint = key_hint(key.public_key()), .content = sign_statement(statement, key)},
        statement.predicate_type);
}

} // namespace

Attached sign(ImageHome& home, const crypto::PrivateKey& key, Form form) {
    const json::Value nothing = json::Object();
    if (is_said(home, key, kSignatureType, nothing, form)) {
        return Attached::already_there;
    }
    if (form == Form::bundle) {
        attach_bundle(home, key, statement_of(home, kSignatureType, nothing));
        return Attached::added;
    }
    const Bytes payload =
        write_simple_signing({.repository = home.repository(), .digest = home.image().digest});
    oci::Document layer = oci::make_blob(payload, kSimpleSigningType);
    layer.descriptor.annotations = {{kSignatureAnnotation, to_base64(key.sign(payload))}};
    add_layer(home, attachment_tag(home.image(), ".sig"), layer);
    return Attached::added;
}

Attached attest(
    ImageHome& home, const crypto::PrivateKey& key, const std::string& predicate_type,
    const json::Value& predicate, Form form) {
    if (is_said(home, key, predicate_type, predicate, form)) {
        return Attached::already_there;
    }
    const Statement statement = statement_of(home, predicate_type, predicate);
    if (form == Form::bundle) {
        attach_bundle(home, key, statement);
        return Attached::added;
    }
    oci::Document layer =
        oci::make_blob(json::write(envelope_json(sign_statement(statement, key))), kEnvelopeType);
    layer.descriptor.annotations = {{kSignatureAnnotation, ""}, {"predicateType", predicate_type}};
    add_layer(home, attachment_tag(home.image(), ".att"), layer);
    return Attached::added;
}

} // namespace pare::attest
