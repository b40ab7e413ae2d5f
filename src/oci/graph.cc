// SPDX-License-Identifier: Apache-2.0
// Manifests and indexes as links (OCI image specification 1.1: manifest.md, image-index.md; Docker
// image manifest version 2, schema 2). Nothing is asked of what is pointed to: artifacts of any
// kind can be carried. Refused: other schemas, a document whose own media type is not the one it
// was announced with, indexes more than 4 deep, more than 1 000 documents or 10 000 links.
#include "oci/graph.hh"

#include "oci/documents.hh"
#include "support/digest.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace pare::oci {

namespace {

constexpr int kMaxDepth = 4;
constexpr std::size_t kMaxDocuments = 1000;
constexpr std::size_t kMaxLinks = 10'000;

[[noreturn]] void refuse(std::string message) {
    throw Error(ErrorKind::refused, std::move(message));
}

/// The member, unless it is missing or null.
const json::Value* find_some(const json::Value& object, std::string_view key) {
    const json::Value* value = object.as_object().find(key);
    return value == nullptr || value->is_null() ? nullptr : value;
}

void check_type(const json::Value& document, const std::string& media_type) {
    if (document.at("schemaVersion").as_integer() != 2) {
        refuse("the document is of another schema than 2");
    }
    const json::Value* type = find_some(document, "mediaType");
    if (type != nullptr && type->as_string() != media_type) {
        refuse(fmt::format(
            "the document says that it is {}, but was announced as {}", type->as_string(),
            media_type));
    }
}

std::vector<Descriptor> descriptors(const json::Value& document, std::string_view key) {
    std::vector<Descriptor> found;
    if (const json::Value* list = find_some(document, key)) {
        if (list->as_array().size() > kMaxLinks) {
            refuse(fmt::format("{} has over {} entries", key, kMaxLinks));
        }
        for (const json::Value& entry : list->as_array()) {
            found.push_back(parse_descriptor(entry));
        }
    }
    return found;
}

void read_manifest(const json::Value& document, Links& links) {
    const Descriptor config = parse_descriptor(document.at("config"));
    if (links.artifact_type.empty()) {
        links.artifact_type = config.media_type;
    }
    links.blobs = {config};
    for (Descriptor& layer : descriptors(document, "layers")) {
        links.blobs.push_back(std::move(layer));
    }
}

void read_index(const json::Value& document, Links& links) {
    for (Descriptor& entry : descriptors(document, "manifests")) {
        auto& list = is_index(entry) || is_manifest(entry) ? links.manifests : links.blobs;
        list.push_back(std::move(entry));
    }
}

/// Licences of old forbid to hand these on; they come from where their descriptor says.
bool is_nondistributable(const Descriptor& blob) {
    return blob.media_type.find("nondistributable") != std::string::npos ||
           blob.media_type.find("foreign") != std::string::npos;
}

class Collector {
public:
    explicit Collector(const Content& content) : content_(content) {}

    void add(const Descriptor& descriptor, int depth) {
        if (!seen_.insert(descriptor.digest).second) {
            return;
        }
        if (depth > kMaxDepth || graph_.documents.size() >= kMaxDocuments) {
            refuse(fmt::format(
                "{} has indexes over {} deep or over {} documents", content_.name(), kMaxDepth,
                kMaxDocuments));
        }
        Document document{.bytes = content_.document(descriptor), .descriptor = descriptor};
        const Links links = parse_links(document.bytes, descriptor.media_type, content_.name());
        for (const Descriptor& manifest : links.manifests) {
            add(manifest, depth + 1);
        }
        for (const Descriptor& blob : links.blobs) {
            add_blob(blob);
        }
        graph_.documents.push_back(std::move(document));
    }

    Graph take() { return std::move(graph_); }

private:
    void add_blob(const Descriptor& blob) {
        const bool wanted = !is_nondistributable(blob) || content_.find(blob).has_value();
        if (wanted && seen_.insert(blob.digest).second) {
            graph_.blobs.push_back(blob);
        }
    }

    const Content& content_;
    Graph graph_{};
    std::set<std::string> seen_{};
};

bool matches(const Platform& offered, const Platform& wanted) {
    return offered.os == wanted.os && offered.architecture == wanted.architecture &&
           (wanted.variant.empty() || plain_variant(offered) == plain_variant(wanted));
}

std::string to_string(const Platform& platform) {
    return fmt::format(
        "{}/{}{}{}", platform.os, platform.architecture, platform.variant.empty() ? "" : "/",
        platform.variant);
}

/// The first match below `top`; collects the names of the others.
std::optional<Descriptor> find_platform(
    const Content& content, const Descriptor& top, const Platform& platform, int depth,
    std::vector<std::string>& names) {
    if (!is_index(top) || depth > kMaxDepth) {
        return std::nullopt;
    }
    for (const Descriptor& entry :
         parse_links(content.document(top), top.media_type, content.name()).manifests) {
        if (is_index(entry)) {
            if (auto found = find_platform(content, entry, platform, depth + 1, names)) {
                return found;
            }
        } else if (entry.platform && !is_attestation(entry)) {
            if (matches(*entry.platform, platform)) {
                return entry;
            }
            names.push_back(to_string(*entry.platform));
        }
    }
    return std::nullopt;
}

} // namespace

bool is_index(const Descriptor& descriptor) {
    return descriptor.media_type == kIndexType || descriptor.media_type == kDockerIndexType;
}

bool is_manifest(const Descriptor& descriptor) {
    return descriptor.media_type == kManifestType || descriptor.media_type == kDockerManifestType;
}

bool is_attestation(const Descriptor& descriptor) {
    return descriptor.platform && descriptor.platform->os == "unknown";
}

Links parse_links(BytesView document, const std::string& media_type, const std::string& name) {
    return with_context("reading a manifest of " + name, [&] {
        const Descriptor kind{.media_type = media_type};
        if (!is_index(kind) && !is_manifest(kind)) {
            refuse(fmt::format("{} is no manifest or index that pare knows", media_type));
        }
        const json::Value parsed = json::parse(document, name);
        check_type(parsed, media_type);
        Links links;
        if (const json::Value* type = find_some(parsed, "artifactType")) {
            links.artifact_type = type->as_string();
        }
        if (const json::Value* subject = find_some(parsed, "subject")) {
            links.subject = parse_descriptor(*subject);
        }
        if (const json::Value* annotations = find_some(parsed, "annotations")) {
            for (const json::Member& member : annotations->as_object().members()) {
                links.annotations.emplace(member.first, member.second.as_string());
            }
        }
        if (is_index(kind)) {
            read_index(parsed, links);
        } else {
            read_manifest(parsed, links);
        }
        return links;
    });
}

Descriptor describe_document(BytesView document, const std::string& name) {
    const json::Value parsed =
        with_context("reading a manifest of " + name, [&] { return json::parse(document, name); });
    const json::Value* type = find_some(parsed, "mediaType");
    const bool is_list = find_some(parsed, "manifests") != nullptr;
    return {
        .media_type = type != nullptr ? type->as_string()
                      : is_list       ? kIndexType
                                      : kManifestType,
        .digest = oci_digest(document),
        .size = document.size()};
}

Graph read_graph(const Content& content, const Descriptor& top) {
    Collector collector(content);
    collector.add(top, 0);
    return collector.take();
}

Descriptor
choose_platform(const Content& content, const Descriptor& top, const Platform& platform) {
    if (is_manifest(top)) {
        return top;
    }
    std::vector<std::string> names;
    if (auto found = find_platform(content, top, platform, 0, names)) {
        return *found;
    }
    throw Error(
        ErrorKind::usage,
        fmt::format("{} has no image for {}", content.name(), to_string(platform)),
        "it holds " + join(names, ", "));
}

Platform parse_platform_name(std::string_view text) {
    const auto parts = split(text, '/');
    const bool any_empty =
        std::any_of(parts.begin(), parts.end(), [](auto p) { return p.empty(); });
    if (any_empty || parts.size() > 3) {
        throw Error(
            ErrorKind::usage, fmt::format("\"{}\" is no platform", text),
            "use OS/ARCHITECTURE[/VARIANT], like linux/arm64 or linux/arm/v7");
    }
    if (parts.size() == 1) {
        return {.architecture = std::string(parts[0])};
    }
    return {
        .os = std::string(parts[0]),
        .architecture = std::string(parts[1]),
        .variant = parts.size() == 3 ? std::string(parts[2]) : ""};
}

} // namespace pare::oci
