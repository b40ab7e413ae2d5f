// SPDX-License-Identifier: Apache-2.0
// Layouts and archives on disk as content. index.json or manifest.json is believed, everything it
// points to is held against digest and size before it is used. image-layout.md of the OCI image
// specification 1.1; Docker image specification v1.2. A habit in the wild is met: index.json that
// is itself the index of one image (apko). What belongs to an image is found as other tools leave
// it: manifests with a subject among the entries of index.json (oras), or under cosign's tags.
// Refused: documents over 4 MiB, blobs that are not what their digest says.
#include "oci/content.hh"

#include "archive/codec.hh"
#include "oci/artifact.hh"
#include "oci/documents.hh"
#include "oci/graph.hh"
#include "support/digest.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>

namespace pare::oci {

namespace {

using FindExtent = std::function<std::optional<Extent>(std::string_view name)>;

[[noreturn]] void refuse(std::string message) {
    throw Error(ErrorKind::refused, std::move(message));
}

/// A file that the format demands.
Bytes read_named(const FindExtent& find, const std::string& name, const std::string& where) {
    const std::optional<Extent> extent = find(name);
    if (!extent) {
        throw Error(
            ErrorKind::refused, fmt::format("{} holds no image: {} is missing", where, name),
            "oci: takes a layout directory, oci-archive: and docker-archive: a tar file");
    }
    const auto source = open_extent(*extent);
    return read_all(*source, kMaxDocument);
}

/// Names as a list for a hint.
std::string listing(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names.empty() ? std::string("it holds no name at all") : "it holds " + join(names, ", ");
}

/// Where the files of a layout or archive are.
FindExtent finder_for(const ImageReference& reference) {
    if (reference.transport == Transport::oci) {
        return [root = reference.path](std::string_view file) { return find_file(root / file); };
    }
    return [index = std::make_shared<TarIndex>(reference.path)](std::string_view file) {
        return index->find(file);
    };
}

/// An OCI image layout, in a directory or a tar.
class LayoutContent final : public Content {
public:
    explicit LayoutContent(const ImageReference& reference);

    [[nodiscard]] const std::string& name() const override { return name_; }

    [[nodiscard]] const std::string& tag() const override { return tag_; }

    [[nodiscard]] const std::vector<Descriptor>& tops() const override { return tops_; }

    [[nodiscard]] std::optional<Extent> find(const Descriptor& blob) const override;
    [[nodiscard]] std::optional<std::filesystem::path>
    file_of(const Descriptor& blob) const override;
    [[nodiscard]] std::vector<Referrer> referrers(const std::string& digest) const override;

private:
    [[nodiscard]] std::vector<Descriptor> select(const ImageReference& reference) const;
    [[nodiscard]] std::optional<Descriptor> unlisted(const std::string& digest) const;

    std::string name_;
    std::string tag_;
    std::filesystem::path directory_; ///< of a layout that is none in an archive
    FindExtent find_;
    std::vector<Descriptor> entries_; ///< all of index.json
    std::vector<Descriptor> tops_;
};

LayoutContent::LayoutContent(const ImageReference& reference)
    : name_(to_string(reference)), find_(finder_for(reference)) {
    const std::string where = reference.path.string();
    const json::Value layout = json::parse(read_named(find_, "oci-layout", where), name_);
    const std::string version = layout.at("imageLayoutVersion").as_string();
    if (!version.starts_with("1.")) {
        refuse(fmt::format("expected layout version 1.0.0, got {}", version));
    }
    entries_ = parse_index(read_named(find_, "index.json", where), name_);
    if (reference.transport == Transport::oci) {
        directory_ = reference.path;
    }
    tops_ = select(reference);
    const bool named = reference.tag.empty() && !tops_.empty();
    tag_ = named ? annotation(tops_.front().annotations, kReferenceName) : reference.tag;
}

/// The manifest or index of that digest: a layout keeps the blobs of images whose tag moved on.
std::optional<Descriptor> LayoutContent::unlisted(const std::string& digest) const {
    const auto extent = digest.empty() ? std::nullopt : find_("blobs/sha256/" + digest_hex(digest));
    if (!extent) {
        return std::nullopt;
    }
    return describe_document(document({.digest = digest, .size = extent->size}), name_);
}

std::vector<Descriptor> LayoutContent::select(const ImageReference& reference) const {
    std::vector<Descriptor> entries = entries_;
    if (auto blob = unlisted(reference.digest);
        blob && std::ranges::find(entries, blob->digest, &Descriptor::digest) == entries.end()) {
        entries.push_back(*std::move(blob));
    }
    std::string tag = reference.tag;
    if (tag.empty() && reference.digest.empty()) {
        // Signatures beside images are read only by their own name.
        std::erase_if(entries, is_about_an_image);
    }
    std::vector<std::string> names;
    for (const Descriptor& entry : entries) {
        const std::string offered = annotation(entry.annotations, kReferenceName);
        if (!offered.empty() && !is_about_an_image(entry)) {
            names.push_back(offered);
        }
    }
    if (tag.empty() && reference.digest.empty()) {
        if (names.empty()) {
            return entries;
        }
        if (std::adjacent_find(names.begin(), names.end(), std::not_equal_to<>()) != names.end()) {
            throw Error(
                ErrorKind::usage, fmt::format("{} holds several images", name_),
                fmt::format("add :TAG; {}", listing(names)));
        }
        tag = names.front();
    }
    std::erase_if(entries, [&](const Descriptor& entry) {
        return tag.empty() ? entry.digest != reference.digest
                           : annotation(entry.annotations, kReferenceName) != tag &&
                                 annotation(entry.annotations, kContainerdName) != tag;
    });
    if (entries.empty()) {
        throw Error(ErrorKind::usage, fmt::format("there is no image {}", name_), listing(names));
    }
    return entries;
}

std::optional<Extent> LayoutContent::find(const Descriptor& blob) const {
    std::optional<Extent> extent = find_("blobs/sha256/" + digest_hex(blob.digest));
    if (extent && extent->size != blob.size) {
        refuse(fmt::format("{} has {} bytes, expected {}", extent->name, extent->size, blob.size));
    }
    return extent;
}

std::optional<std::filesystem::path> LayoutContent::file_of(const Descriptor& blob) const {
    return directory_.empty()
               ? std::nullopt
               : std::optional(directory_ / "blobs" / "sha256" / digest_hex(blob.digest));
}

std::vector<Referrer> LayoutContent::referrers(const std::string& digest) const {
    const std::vector<std::string> tags = cosign_tags(digest);
    std::vector<Referrer> found;
    for (const Descriptor& entry : entries_) {
        const std::string tag = annotation(entry.annotations, kReferenceName);
        if (std::find(tags.begin(), tags.end(), tag) != tags.end()) {
            found.push_back({.manifest = entry, .tag = tag});
            continue;
        }
        if (!is_manifest(entry) && !is_index(entry)) {
            continue;
        }
        const Links links = parse_links(document(entry), entry.media_type, name_);
        if (links.subject && links.subject->digest == digest) {
            found.push_back({.manifest = entry});
        }
    }
    return found;
}

/// What `docker save` writes. It has no manifest: the one that pare would write stands in.
class DockerContent final : public Content {
public:
    explicit DockerContent(const ImageReference& reference);

    [[nodiscard]] const std::string& name() const override { return name_; }

    [[nodiscard]] const std::string& tag() const override { return tag_; }

    [[nodiscard]] const std::vector<Descriptor>& tops() const override { return tops_; }

    [[nodiscard]] std::optional<Extent> find(const Descriptor& blob) const override;
    [[nodiscard]] Bytes document(const Descriptor& document) const override;

    [[nodiscard]] std::vector<Referrer> referrers(const std::string& /*digest*/) const override {
        return {};
    }

private:
    void add_image(const json::Value& entry);
    Layer read_layer(const std::string& file, const std::string& diff_id);

    std::string name_;
    std::string tag_{};
    FindExtent find_;
    std::map<std::string, std::string> files_{}; ///< by digest
    Document manifest_{};
    std::vector<Descriptor> tops_{};
};

/// An entry of manifest.json, and the name under which it was found.
struct NamedEntry {
    const json::Value* entry = nullptr;
    std::string name{};
};

/// The entry that the reference names. Throws ErrorKind::usage.
NamedEntry choose_entry(const json::Array& entries, const ImageReference& reference) {
    std::vector<std::string> names;
    NamedEntry found;
    for (const json::Value& entry : entries) {
        const json::Value* tags = entry.as_object().find("RepoTags");
        if (tags == nullptr || tags->is_null()) {
            continue;
        }
        for (const json::Value& tag : tags->as_array()) {
            const std::string& text = tag.as_string();
            names.push_back(text);
            const bool matches = text == reference.tag || text == reference.tag + ":latest" ||
                                 text.ends_with("/" + reference.tag);
            if (found.entry == nullptr && matches) {
                found = {.entry = &entry, .name = text};
            }
        }
    }
    if (reference.tag.empty() && entries.size() == 1) {
        found = {.entry = &entries.front(), .name = names.empty() ? "" : names.front()};
    }
    if (found.entry == nullptr || !reference.digest.empty()) {
        throw Error(
            ErrorKind::usage, fmt::format("there is no single image {}", to_string(reference)),
            listing(names));
    }
    return found;
}

DockerContent::DockerContent(const ImageReference& reference)
    : name_(to_string(reference)), find_(finder_for(reference)) {
    const std::string where = reference.path.string();
    const json::Value manifest = json::parse(read_named(find_, "manifest.json", where), name_);
    NamedEntry chosen = choose_entry(manifest.as_array(), reference);
    tag_ = std::move(chosen.name);
    add_image(*chosen.entry);
}

/// Layers have no descriptors here; plain ones are their diff_id, compressed ones are hashed.
Layer DockerContent::read_layer(const std::string& file, const std::string& diff_id) {
    const std::optional<Extent> extent = find_(file);
    if (!extent) {
        refuse(fmt::format("{} lacks the layer {}", name_, file));
    }
    const archive::Codec codec = archive::detect_codec(peek_extent(*extent, 16));
    const bool plain = codec != archive::Codec::gzip && codec != archive::Codec::zstd;
    const char* suffix = plain ? "" : codec == archive::Codec::gzip ? "+gzip" : "+zstd";
    Descriptor descriptor{
        .media_type = std::string(kLayerType) + suffix,
        .digest = plain ? diff_id : "sha256:" + hash_extent(*extent),
        .size = extent->size};
    files_.emplace(descriptor.digest, file);
    return {.descriptor = std::move(descriptor)};
}

void DockerContent::add_image(const json::Value& entry) {
    const std::string config_name = entry.at("Config").as_string();
    const Document config = make_document(read_named(find_, config_name, name_), kConfigType);
    files_.emplace(config.descriptor.digest, config_name);
    const json::Value settings = json::parse(config.bytes, name_);
    const json::Array& ids = settings.at("rootfs").at("diff_ids").as_array();
    const json::Array& files = entry.at("Layers").as_array();
    if (ids.size() != files.size()) {
        refuse(fmt::format("{} has {} layers but {} diff_ids", name_, files.size(), ids.size()));
    }
    Image image;
    for (std::size_t i = 0; i < files.size(); ++i) {
        image.layers.push_back(read_layer(files[i].as_string(), ids[i].as_string()));
    }
    manifest_ = write_manifest(image, config.descriptor);
    manifest_.descriptor.platform = parse_image(manifest_.bytes, config.bytes, name_).platform;
    tops_ = {manifest_.descriptor};
}

std::optional<Extent> DockerContent::find(const Descriptor& blob) const {
    const auto file = files_.find(blob.digest);
    return file == files_.end() ? std::nullopt : find_(file->second);
}

Bytes DockerContent::document(const Descriptor& document) const {
    return document.digest == manifest_.descriptor.digest ? manifest_.bytes
                                                          : Content::document(document);
}

} // namespace

void check_extent(const Extent& extent, const Descriptor& blob) {
    if (extent.size != blob.size) {
        refuse(fmt::format("{} has {} bytes, expected {}", extent.name, extent.size, blob.size));
    }
    const std::string got = hash_extent(extent);
    if (got != digest_hex(blob.digest)) {
        refuse(
            fmt::format("{} has the digest sha256:{}, expected {}", extent.name, got, blob.digest));
    }
}

Extent Content::open(const Descriptor& blob) const {
    std::optional<Extent> extent = find(blob);
    if (!extent) {
        refuse(fmt::format("{} lacks the blob {}", name(), blob.digest));
    }
    check_extent(*extent, blob);
    return std::move(*extent);
}

Bytes Content::document(const Descriptor& document) const {
    if (document.size > kMaxDocument) {
        refuse(fmt::format("{} is a document of {} bytes", document.digest, document.size));
    }
    const auto source = open_extent(open(document));
    return read_all(*source, kMaxDocument);
}

std::shared_ptr<const Content> open_content(const ImageReference& reference) {
    switch (reference.transport) {
    case Transport::oci:
    case Transport::oci_archive:
        return std::make_shared<LayoutContent>(reference);
    case Transport::docker_archive:
        return std::make_shared<DockerContent>(reference);
    case Transport::registry:
        break;
    }
    throw Error(
        ErrorKind::usage, fmt::format("{} is not on this machine", to_string(reference)),
        fmt::format("fetch it first: pare pull {} -o DIRECTORY", to_string(reference)));
}

std::string fallback_tag(const std::string& digest) {
    return "sha256-" + digest_hex(digest);
}

std::vector<std::string> cosign_tags(const std::string& digest) {
    const std::string stem = fallback_tag(digest);
    return {stem + ".sig", stem + ".att", stem + ".sbom"};
}

} // namespace pare::oci
