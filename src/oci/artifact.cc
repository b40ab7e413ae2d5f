// SPDX-License-Identifier: Apache-2.0
// Format: OCI image manifests (image specification 1.1, manifest.md) whose layers are of any type.
// Members stand in the order of the specification's tables; what is empty is left out.
// Refuses: other schema versions and media types, digests that are not SHA-256, more than 1 000
// layers.
#include "oci/artifact.hh"

#include "oci/documents.hh"
#include "support/digest.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::oci {

namespace {

constexpr std::size_t kMaxLayers = 1000;
constexpr std::size_t kHexDigits = 64;
constexpr const char* kCreated = "org.opencontainers.image.created";
constexpr std::string_view kTagStart = "sha256-";
constexpr std::array<std::string_view, 4> kTagEnds = {"", ".sig", ".att", ".sbom"};
/// What `cosign save` writes.
constexpr std::string_view kCosignKinds = "dev.cosignproject.cosign/";
constexpr std::array<std::string_view, 3> kAboutKinds = {"sigs", "atts", "sboms"};

[[noreturn]] void refuse(std::string why) {
    throw Error(ErrorKind::refused, std::move(why));
}

std::map<std::string, std::string> parse_annotations(const json::Value& manifest) {
    std::map<std::string, std::string> annotations;
    const json::Value* value = manifest.as_object().find("annotations");
    if (value != nullptr && !value->is_null()) {
        for (const json::Member& member : value->as_object().members()) {
            annotations.emplace(member.first, member.second.as_string());
        }
    }
    return annotations;
}

Artifact parse(const json::Value& manifest) {
    const json::Object& members = manifest.as_object();
    const json::Value* type = members.find("mediaType");
    if (manifest.at("schemaVersion").as_integer() != 2 ||
        (type != nullptr && type->as_string() != kManifestType &&
         type->as_string() != kDockerManifestType)) {
        refuse("it is no manifest of an image or artifact");
    }
    Artifact artifact{
        .config = parse_descriptor(manifest.at("config")),
        .annotations = parse_annotations(manifest)};
    if (const json::Value* kind = members.find("artifactType")) {
        artifact.artifact_type = kind->as_string();
    }
    const json::Array& layers = manifest.at("layers").as_array();
    if (layers.size() > kMaxLayers) {
        refuse(fmt::format("{} layers, {} at most", layers.size(), kMaxLayers));
    }
    for (const json::Value& layer : layers) {
        artifact.layers.push_back(parse_descriptor(layer));
    }
    if (const json::Value* subject = members.find("subject"); subject && !subject->is_null()) {
        artifact.subject = parse_descriptor(*subject);
    }
    return artifact;
}

} // namespace

Artifact parse_artifact(BytesView manifest, const std::string& name) {
    return with_context(
        "reading the manifest " + name, [&] { return parse(json::parse(manifest, name)); });
}

Document write_artifact(const Artifact& artifact) {
    json::Object object{{"schemaVersion", 2}, {"mediaType", kManifestType}};
    if (!artifact.artifact_type.empty()) {
        object.set("artifactType", artifact.artifact_type);
    }
    object.set("config", descriptor_json(artifact.config));
    json::Array layers;
    for (const Descriptor& layer : artifact.layers) {
        layers.emplace_back(descriptor_json(layer));
    }
    object.set("layers", std::move(layers));
    if (artifact.subject) {
        object.set("subject", descriptor_json(*artifact.subject));
    }
    if (!artifact.annotations.empty()) {
        object.set("annotations", string_map_json(artifact.annotations));
    }
    Document document = make_document(json::write(object), kManifestType);
    document.descriptor.artifact_type = artifact.artifact_type;
    return document;
}

Document make_blob(Bytes bytes, std::string_view media_type) {
    return make_document(std::move(bytes), media_type);
}

Document empty_config() {
    return make_document("{}", kEmptyType);
}

std::vector<Document> write_attachment(const Attachment& attachment) {
    Document config = empty_config();
    Document content = make_blob(attachment.bytes, attachment.artifact_type);
    Document manifest = write_artifact(
        {.artifact_type = attachment.artifact_type,
         .config = config.descriptor,
         .layers = {content.descriptor},
         .subject =
             Descriptor{
                 .media_type = attachment.subject.media_type,
                 .digest = attachment.subject.digest,
                 .size = attachment.subject.size},
         .annotations = {{kCreated, format_time(attachment.created)}}});
    return {std::move(config), std::move(content), std::move(manifest)};
}

bool is_about_an_image(const Descriptor& entry) {
    if (!entry.artifact_type.empty()) {
        return true;
    }
    const std::string name = annotation(entry.annotations, kReferenceName);
    const std::string_view tag = name;
    if (tag.starts_with(kTagStart) &&
        is_hex(tag.substr(kTagStart.size(), kHexDigits), kHexDigits)) {
        const std::string_view end = tag.substr(kTagStart.size() + kHexDigits);
        return std::find(kTagEnds.begin(), kTagEnds.end(), end) != kTagEnds.end();
    }
    const std::string kind = annotation(entry.annotations, "kind");
    return kind.starts_with(kCosignKinds) &&
           std::find(kAboutKinds.begin(), kAboutKinds.end(), kind.substr(kCosignKinds.size())) !=
               kAboutKinds.end();
}

} // namespace pare::oci
