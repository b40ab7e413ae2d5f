// SPDX-License-Identifier: Apache-2.0
// CycloneDX 1.6: the image is the subject, its packages are components and hold their files as
// components of their own; files that belong to none stand beside the packages and say who brought
// them. Nothing comes from a clock or from chance: the time is that of the image, the serial number
// is a UUID (version 8, RFC 9562) from the digest of the rest of the document.
#include "sbom/cyclonedx.hh"

#include "sbom/utf8.hh"
#include "support/digest.hh"
#include "support/json.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <utility>

namespace pare::sbom {

namespace {

constexpr const char* kImage = "image";

json::Object hash(const char* algorithm, const std::string& content) {
    return {{"alg", algorithm}, {"content", content}};
}

json::Object property(const char* name, std::string value) {
    return {{"name", name}, {"value", std::move(value)}};
}

json::Object subject_component(const std::string& reference, const Subject& subject) {
    json::Object json{
        {"type", "container"},
        {"bom-ref", reference},
        {"name", clean_utf8(subject.name)},
        {"version", subject.digest},
        {"hashes", json::Array{hash("SHA-256", digest_hex(subject.digest))}},
        {"purl", purl_of(subject)}};
    if (subject.platform) {
        json.set(
            "properties", json::Array{property("pare:platform", to_string(*subject.platform))});
    }
    return json;
}

/// The head of a document; its serial number is set at the end.
json::Object head(const Subject& subject, const std::string& tool_version) {
    json::Object tool{{"type", "application"}, {"name", "pare"}, {"version", tool_version}};
    return {
        {"$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json"},
        {"bomFormat", "CycloneDX"},
        {"specVersion", "1.6"},
        {"serialNumber", ""},
        {"version", 1},
        {"metadata", json::Object{
                         {"timestamp", format_time(subject.created)},
                         {"tools", json::Object{{"components", json::Array{std::move(tool)}}}},
                         {"component", subject_component(kImage, subject)}}}};
}

std::string uuid_of(const std::string& digest) {
    std::string hex = digest.substr(0, 32);
    hex[12] = '8';
    constexpr std::string_view kVariant = "89ab";
    hex[16] = kVariant[static_cast<std::size_t>(hex[16]) % kVariant.size()];
    return fmt::format(
        "{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4), hex.substr(16, 4),
        hex.substr(20));
}

Written finish(json::Object document) {
    const std::string uuid = uuid_of(hash_hex(json::write(document)));
    document.set("serialNumber", "urn:uuid:" + uuid);
    return {.bytes = json::write(document) + "\n", .id = "urn:cdx:" + uuid + "/1"};
}

json::Object file_json(const File& file) {
    json::Object json{
        {"type", "file"},
        {"name", clean_utf8(file.path.absolute())},
        {"hashes", json::Array{hash("SHA-1", file.sha1), hash("SHA-256", file.sha256)}}};
    if (const std::string origin = origin_text(file); !origin.empty()) {
        json.set("description", clean_utf8(origin));
    }
    if (file.origin && file.origin->kind == tree::OriginKind::finisher) {
        json.set(
            "properties", json::Array{property("pare:finisher", clean_utf8(file.origin->name))});
    }
    return json;
}

/// An expression has no room for texts, so a licence that is nothing but a text stands as such.
json::Array licences_json(const Licences& licences) {
    if (licences.texts.size() == 1 && licences.texts.front().id == licences.expression) {
        const LicenceText& text = licences.texts.front();
        return {json::Object{
            {"license", json::Object{
                            {"name", clean_utf8(text.name)},
                            {"text", json::Object{{"content", clean_utf8(text.text)}}}}}}};
    }
    return {json::Object{{"expression", licences.expression}}};
}

json::Array references_json(const Package& package) {
    json::Array references;
    if (!package.url.empty()) {
        json::Object json{{"type", "distribution"}, {"url", clean_utf8(package.url)}};
        if (!package.sha256.empty()) {
            json.set("hashes", json::Array{hash("SHA-256", package.sha256)});
        }
        references.emplace_back(std::move(json));
    }
    if (!package.homepage.empty()) {
        references.emplace_back(
            json::Object{{"type", "website"}, {"url", clean_utf8(package.homepage)}});
    }
    return references;
}

json::Array properties_json(const Package& package) {
    json::Array properties;
    if (!package.source.empty()) {
        properties.emplace_back(property("pare:source", clean_utf8(package.source)));
        properties.emplace_back(property(
            "pare:source-version",
            clean_utf8(package.source_version.empty() ? package.version : package.source_version)));
    }
    if (!package.reason.empty()) {
        properties.emplace_back(property("pare:reason", clean_utf8(package.reason)));
    }
    if (!package.declared_in.is_root()) {
        properties.emplace_back(
            property("pare:declared-in", clean_utf8(package.declared_in.absolute())));
    }
    return properties;
}

json::Object
package_json(const Package& package, const std::string& reference, const OperatingSystem& system) {
    json::Object json{{"type", "library"}, {"bom-ref", reference}};
    if (!package.supplier.empty()) {
        json.set("supplier", json::Object{{"name", clean_utf8(package.supplier)}});
    }
    json.set("name", clean_utf8(package.name));
    if (!package.version.empty()) {
        json.set("version", clean_utf8(package.version));
    }
    if (!package.summary.empty()) {
        json.set("description", clean_utf8(package.summary));
    }
    if (!package.licences.expression.empty()) {
        json.set("licenses", licences_json(package.licences));
    }
    if (!package.licences.copyright.empty()) {
        json.set("copyright", clean_utf8(package.licences.copyright));
    }
    json.set("purl", purl_of(package, system));
    if (json::Array references = references_json(package); !references.empty()) {
        json.set("externalReferences", std::move(references));
    }
    if (json::Array properties = properties_json(package); !properties.empty()) {
        json.set("properties", std::move(properties));
    }
    return json;
}

json::Object system_json(const OperatingSystem& system) {
    json::Object json{
        {"type", "operating-system"}, {"bom-ref", "os"}, {"name", clean_utf8(system.id)}};
    if (!system.version.empty()) {
        json.set("version", clean_utf8(system.version));
    }
    if (!system.name.empty()) {
        json.set("description", clean_utf8(system.name));
    }
    return json;
}

json::Object dependency(std::string reference, json::Array on) {
    json::Object json{{"ref", std::move(reference)}};
    if (!on.empty()) {
        json.set("dependsOn", std::move(on));
    }
    return json;
}

} // namespace

Written write_cyclonedx(const Document& document) {
    std::vector<std::string> references;
    for (const Package& package : document.packages) {
        references.push_back("package-" + unique_name(package, document.system));
    }
    std::vector<json::Array> owned(document.packages.size());
    json::Array loose;
    for (const File& file : document.files) {
        (file.package ? owned[*file.package] : loose).emplace_back(file_json(file));
    }
    json::Array components;
    if (!document.system.id.empty()) {
        components.emplace_back(system_json(document.system));
    }
    json::Array all;
    json::Array dependencies;
    for (std::size_t i = 0; i < references.size(); ++i) {
        const Package& package = document.packages[i];
        json::Object json = package_json(package, references[i], document.system);
        if (!owned[i].empty()) {
            json.set("components", std::move(owned[i]));
        }
        components.emplace_back(std::move(json));
        all.emplace_back(references[i]);
        json::Array on;
        for (const std::size_t needed : package.depends) {
            on.emplace_back(references[needed]);
        }
        dependencies.emplace_back(dependency(references[i], std::move(on)));
    }
    dependencies.insert(dependencies.begin(), dependency(kImage, std::move(all)));
    components.insert(
        components.end(), std::make_move_iterator(loose.begin()),
        std::make_move_iterator(loose.end()));
    json::Object json = head(document.subject, document.tool_version);
    json.set("components", std::move(components));
    json.set("dependencies", std::move(dependencies));
    return finish(std::move(json));
}

Written write_cyclonedx(const IndexDocument& document) {
    json::Array components;
    json::Array all;
    json::Array dependencies;
    for (const IndexPart& part : document.parts) {
        const std::string reference = "image-" + part.subject.digest;
        json::Object json = subject_component(reference, part.subject);
        json.set(
            "externalReferences",
            json::Array{json::Object{
                {"type", "bom"},
                {"url", part.document.id},
                {"hashes", json::Array{hash("SHA-256", hash_hex(part.document.bytes))}}}});
        components.emplace_back(std::move(json));
        all.emplace_back(reference);
        dependencies.emplace_back(dependency(reference, {}));
    }
    dependencies.insert(dependencies.begin(), dependency(kImage, std::move(all)));
    json::Object json = head(document.subject, document.tool_version);
    json.set("components", std::move(components));
    json.set("dependencies", std::move(dependencies));
    return finish(std::move(json));
}

} // namespace pare::sbom
