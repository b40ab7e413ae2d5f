// SPDX-License-Identifier: Apache-2.0
// Formats: cosign's SIGNATURE_SPEC.md for the tags; sigstore/cosign specs/BUNDLE_SPEC.md for
// bundles: a manifest with the bundle's media type as artifactType, one layer of that type, and
// the image as subject. Who may write to a registry may put anything here, so that what is no
// signature is told with its reason and does not hide the others.
#include "attest/attachment.hh"

#include "attest/cosign_annotations.hh"
#include "attest/referrers.hh"
#include "attest/simple_signing.hh"
#include "oci/artifact.hh"
#include "oci/content.hh"
#include "support/base64.hh"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

namespace pare::attest {

namespace {

constexpr const char* kBundlePredicate = "dev.sigstore.bundle.predicateType";
constexpr const char* kLayerPredicate = "predicateType";

[[noreturn]] void refuse(const std::string& why) {
    throw Error(ErrorKind::refused, why);
}

/// The layers of the manifest under that tag, which are to be of that type.
void add_tagged(
    const ImageHome& home, const std::string& tag, std::string_view type,
    std::vector<Attachment>& found) {
    const std::optional<oci::Document> manifest = home.find_tag(tag);
    if (!manifest) {
        return;
    }
    oci::Artifact artifact;
    try {
        artifact = oci::parse_artifact(manifest->bytes, tag);
    } catch (const Error& error) {
        found.push_back({.place = tag, .form = Form::tag, .problem = error.message()});
    }
    std::size_t number = 0;
    for (const oci::Descriptor& layer : artifact.layers) {
        Attachment attachment{
            .place = fmt::format("{} layer {}", tag, ++number),
            .form = Form::tag,
            .layer = layer,
            .predicate_type = oci::annotation(layer.annotations, kLayerPredicate)};
        if (layer.media_type != type) {
            attachment.problem =
                fmt::format("its media type is {}, expected {}", layer.media_type, type);
        }
        found.push_back(std::move(attachment));
    }
}

Attachment read_referrer(const oci::Document& manifest) {
    const std::string& digest = manifest.descriptor.digest;
    Attachment attachment{.place = "referrer " + digest, .form = Form::bundle};
    const oci::Artifact artifact = oci::parse_artifact(manifest.bytes, digest);
    attachment.predicate_type = oci::annotation(artifact.annotations, kBundlePredicate);
    if (artifact.layers.size() != 1) {
        attachment.problem =
            fmt::format("its manifest has {} layers, expected 1", artifact.layers.size());
        return attachment;
    }
    attachment.layer = artifact.layers.front();
    if (!is_bundle_type(artifact.artifact_type) || !is_bundle_type(attachment.layer.media_type)) {
        attachment.problem = fmt::format(
            "its types are {} and {}, expected {}", artifact.artifact_type,
            attachment.layer.media_type, kBundleType);
    }
    return attachment;
}

Claim parse_simple(const Attachment& attachment, BytesView content) {
    const std::string text = oci::annotation(attachment.layer.annotations, kSignatureAnnotation);
    const std::optional<Bytes> signature = from_base64(text);
    if (!signature || signature->empty()) {
        refuse(fmt::format("its annotation {} is no signature", kSignatureAnnotation));
    }
    Evidence evidence{
        .message = Bytes(content), .payload = Bytes(content), .signature = *signature};
    add_annotations(attachment.layer.annotations, evidence);
    return {.payload_type = kSimpleSigningType, .evidence = {evidence}};
}

Claim parse_signed_envelope(const Envelope& envelope, const Evidence& common) {
    if (envelope.payload_type != kInTotoType) {
        refuse(fmt::format(
            "its payload is of type {}, expected {}", envelope.payload_type, kInTotoType));
    }
    Claim claim{.payload_type = envelope.payload_type};
    const Bytes message = pre_authentication_encoding(envelope.payload_type, envelope.payload);
    for (const EnvelopeSignature& signature : envelope.signatures) {
        Evidence evidence = common;
        evidence.message = message;
        evidence.payload = envelope.payload;
        evidence.signature = signature.signature;
        if (evidence.key_hint.empty()) {
            evidence.key_hint = signature.key_id;
        }
        claim.evidence.push_back(std::move(evidence));
    }
    return claim;
}

Claim parse_bundled(const Attachment& attachment, BytesView content) {
    const Bundle bundle = parse_bundle(content, attachment.place);
    if (bundle.media_type != attachment.layer.media_type) {
        refuse(fmt::format(
            "its bundle is of type {}, its layer of type {}", bundle.media_type,
            attachment.layer.media_type));
    }
    const auto* envelope = std::get_if<Envelope>(&bundle.content);
    if (envelope == nullptr) {
        refuse("its bundle signs a file and says nothing of an image");
    }
    return parse_signed_envelope(
        *envelope, {.key_hint = bundle.key_hint,
                    .certificates = bundle.certificates,
                    .log_entries = bundle.log_entries,
                    .needs_inclusion_proof = !bundle.media_type.ends_with("version=0.1")});
}

} // namespace

std::string_view to_string(Form form) {
    return form == Form::bundle ? "bundle" : "tag";
}

Form parse_form(std::string_view text) {
    if (text == "bundle" || text == "tag") {
        return text == "bundle" ? Form::bundle : Form::tag;
    }
    throw Error(
        ErrorKind::usage, fmt::format("unknown form {} of signatures", text), "use bundle or tag");
}

std::string attachment_tag(const oci::Descriptor& image, std::string_view end) {
    return fmt::format("{}{}", oci::fallback_tag(image.digest), end);
}

std::vector<Attachment> find_attachments(const ImageHome& home) {
    std::vector<Attachment> found;
    add_tagged(home, attachment_tag(home.image(), ".sig"), kSimpleSigningType, found);
    add_tagged(home, attachment_tag(home.image(), ".att"), kEnvelopeType, found);
    for (const oci::Document& manifest : home.referrers()) {
        found.push_back(read_referrer(manifest));
    }
    if (found.size() > kMaxAttached) {
        throw too_many_attached();
    }
    return found;
}

Claim parse_claim(const Attachment& attachment, BytesView content) {
    if (attachment.form == Form::bundle) {
        return parse_bundled(attachment, content);
    }
    if (attachment.layer.media_type == kSimpleSigningType) {
        return parse_simple(attachment, content);
    }
    Evidence common;
    add_annotations(attachment.layer.annotations, common);
    return parse_signed_envelope(parse_envelope(json::parse(content, attachment.place)), common);
}

} // namespace pare::attest
