// SPDX-License-Identifier: Apache-2.0
// Opens images for reading. Trust runs down from what the user named: index.json or manifest.json
// is believed, everything it points to is held against digest and size before it is used.
// image-layout.md of the OCI image specification 1.1; Docker image specification v1.2. Two habits
// in the wild are met: index.json that is itself the index of one image (apko), and attestations
// listed as images of an unknown platform (buildx). Signatures beside images are no images: they
// are read only by their own name. Refused: indexes more than 4 deep or with more
// than 1 000 images, documents over 4 MiB, blobs that are not what their digest says.
#include "oci/read.hh"

#include "archive/codec.hh"
#include "oci/artifact.hh"
#include "oci/documents.hh"
#include "oci/extent.hh"
#include "support/digest.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::oci {

namespace {

constexpr int kMaxDepth = 4;
constexpr std::size_t kMaxImages = 1000;

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

bool is_index(const Descriptor& descriptor) {
    return descriptor.media_type == kIndexType || descriptor.media_type == kDockerIndexType;
}

bool is_manifest(const Descriptor& descriptor) {
    return descriptor.media_type == kManifestType || descriptor.media_type == kDockerManifestType;
}

bool is_attestation(const Descriptor& descriptor) {
    return descriptor.platform && descriptor.platform->os == "unknown";
}

std::string annotation(const Descriptor& descriptor, const char* key) {
    const auto found = descriptor.annotations.find(key);
    return found == descriptor.annotations.end() ? std::string() : found->second;
}

/// Names as a list for a hint.
std::string listing(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names.empty() ? std::string("it holds no name at all") : "it holds " + join(names, ", ");
}

/// Reads on from compressed to plain, and holds the plain bytes against the diff_id at their end.
class LayerSource final : public Source {
public:
    LayerSource(std::unique_ptr<Source> blob, const Layer& layer)
        : blob_(std::move(blob)), diff_id_(layer.diff_id) {
        const std::string& type = layer.descriptor.media_type;
        const archive::Codec codec = type.ends_with("+gzip")   ? archive::Codec::gzip
                                     : type.ends_with("+zstd") ? archive::Codec::zstd
                                                               : archive::Codec::none;
        plain_ = archive::decompress(*blob_, codec, {}, layer.descriptor.digest);
    }

    std::size_t read(char* buffer, std::size_t size) override {
        const std::size_t count = plain_->read(buffer, size);
        hasher_.write({buffer, count});
        if (count == 0 && size > 0 && "sha256:" + hasher_.peek_hex() != diff_id_) {
            refuse(fmt::format("a layer is not what its diff_id {} says", diff_id_));
        }
        return count;
    }

private:
    std::unique_ptr<Source> blob_;
    std::unique_ptr<Source> plain_;
    std::string diff_id_;
    Hasher hasher_;
};

} // namespace

struct ImageReader::State {
    explicit State(const ImageReference& reference);

    void open_layout(const ImageReference& reference);
    void open_docker_archive(const ImageReference& reference);
    [[nodiscard]] std::vector<Descriptor>
    select(std::vector<Descriptor> entries, const ImageReference& reference) const;
    void add(const Descriptor& descriptor, int depth);
    void add_docker_image(const json::Value& entry);
    [[nodiscard]] Extent checked(const Descriptor& blob) const;
    [[nodiscard]] Bytes document(const Descriptor& blob) const;
    [[nodiscard]] std::optional<Descriptor> unlisted(const std::string& digest) const;

    std::string name;
    FindExtent find;                          ///< a file of the layout or archive
    std::map<std::string, std::string> blobs; ///< name by digest, of a docker-archive
    std::filesystem::path directory;          ///< of a layout
    Descriptor top;
    std::string image_name; ///< in there
    std::vector<ImageEntry> images;
};

ImageReader::State::State(const ImageReference& reference) : name(to_string(reference)) {
    if (reference.transport == Transport::oci) {
        directory = reference.path;
        find = [root = reference.path](std::string_view file) { return find_file(root / file); };
    } else {
        find = [index = std::make_shared<TarIndex>(reference.path)](std::string_view file) {
            return index->find(file);
        };
    }
    if (reference.transport == Transport::docker_archive) {
        open_docker_archive(reference);
    } else {
        open_layout(reference);
    }
    if (images.empty()) {
        refuse(fmt::format("{} holds no image that can be run", name));
    }
}

/// The blob, which has been read once and is what its digest says.
Extent ImageReader::State::checked(const Descriptor& blob) const {
    const std::string hex = digest_hex(blob.digest);
    const auto named = blobs.find(blob.digest);
    const std::optional<Extent> extent =
        find(named == blobs.end() ? "blobs/sha256/" + hex : named->second);
    if (!extent) {
        refuse(fmt::format("{} lacks the blob {}", name, blob.digest));
    }
    if (extent->size != blob.size) {
        refuse(fmt::format("{} has {} bytes, expected {}", extent->name, extent->size, blob.size));
    }
    const std::string got = hash_extent(*extent);
    if (got != hex) {
        refuse(fmt::format(
            "{} has the digest sha256:{}, expected {}", extent->name, got, blob.digest));
    }
    return *extent;
}

Bytes ImageReader::State::document(const Descriptor& blob) const {
    if (blob.size > kMaxDocument) {
        refuse(fmt::format("{} is a document of {} bytes", blob.digest, blob.size));
    }
    const auto source = open_extent(checked(blob));
    return read_all(*source, kMaxDocument);
}

/// The manifest or index of that digest: a layout keeps the blobs of images whose tag moved on.
std::optional<Descriptor> ImageReader::State::unlisted(const std::string& digest) const {
    const auto extent = digest.empty() ? std::nullopt : find("blobs/sha256/" + digest_hex(digest));
    if (!extent) {
        return std::nullopt;
    }
    Descriptor blob{.digest = digest, .size = extent->size};
    const json::Value parsed = json::parse(document(blob), name);
    const json::Value* type = parsed.as_object().find("mediaType");
    const bool is_list = parsed.as_object().find("manifests") != nullptr;
    blob.media_type = type != nullptr ? type->as_string() : is_list ? kIndexType : kManifestType;
    return blob;
}

void ImageReader::State::add(const Descriptor& descriptor, int depth) {
    if (is_attestation(descriptor)) {
        return;
    }
    if (is_index(descriptor)) {
        if (depth >= kMaxDepth) {
            refuse(fmt::format("{} has indexes more than {} deep", name, kMaxDepth));
        }
        for (const Descriptor& entry : parse_index(document(descriptor), name)) {
            add(entry, depth + 1);
        }
        return;
    }
    if (!is_manifest(descriptor)) {
        return;
    }
    if (images.size() >= kMaxImages) {
        refuse(fmt::format("{} has more than {} images", name, kMaxImages));
    }
    const Bytes manifest = document(descriptor);
    const json::Value parsed = json::parse(manifest, name);
    const Bytes config = document(parse_descriptor(parsed.at("config")));
    ImageEntry entry{.manifest = descriptor, .image = parse_image(manifest, config, name)};
    if (!entry.manifest.platform) {
        entry.manifest.platform = entry.image.platform;
    }
    images.push_back(std::move(entry));
}

std::vector<Descriptor>
ImageReader::State::select(std::vector<Descriptor> entries, const ImageReference& reference) const {
    std::string tag = reference.tag;
    if (tag.empty() && reference.digest.empty()) {
        std::erase_if(entries, is_about_an_image);
    }
    std::vector<std::string> names;
    for (const Descriptor& entry : entries) {
        const std::string offered = annotation(entry, kReferenceName);
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
                ErrorKind::usage, fmt::format("{} holds several images", name),
                fmt::format("add :TAG; {}", listing(names)));
        }
        tag = names.front();
    }
    std::erase_if(entries, [&](const Descriptor& entry) {
        return tag.empty() ? entry.digest != reference.digest
                           : annotation(entry, kReferenceName) != tag &&
                                 annotation(entry, kContainerdName) != tag;
    });
    if (entries.empty()) {
        throw Error(ErrorKind::usage, fmt::format("there is no image {}", name), listing(names));
    }
    return entries;
}

void ImageReader::State::open_layout(const ImageReference& reference) {
    const std::string where = reference.path.string();
    const json::Value layout = json::parse(read_named(find, "oci-layout", where), name);
    const std::string version = layout.at("imageLayoutVersion").as_string();
    if (!version.starts_with("1.")) {
        refuse(fmt::format("expected layout version 1.0.0, got {}", version));
    }
    const Bytes index = read_named(find, "index.json", where);
    std::vector<Descriptor> entries = parse_index(index, name);
    if (auto blob = unlisted(reference.digest);
        blob && std::ranges::find(entries, blob->digest, &Descriptor::digest) == entries.end()) {
        entries.push_back(*std::move(blob));
    }
    const std::vector<Descriptor> chosen = select(std::move(entries), reference);
    image_name = reference.tag.empty() ? annotation(chosen.front(), kReferenceName) : reference.tag;
    top = chosen.size() == 1 ? chosen.front() : write_index(chosen, {}).descriptor;
    for (const Descriptor& entry : chosen) {
        add(entry, 0);
    }
}

/// `entry` is one of manifest.json. Its layers have no descriptors; plain ones are their diff_id,
/// compressed ones are hashed.
void ImageReader::State::add_docker_image(const json::Value& entry) {
    const std::string config_name = entry.at("Config").as_string();
    const Document config = make_document(read_named(find, config_name, name), kConfigType);
    const json::Value settings = json::parse(config.bytes, name);
    const json::Array& ids = settings.at("rootfs").at("diff_ids").as_array();
    const json::Array& files = entry.at("Layers").as_array();
    Image image;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const std::string& file = files[i].as_string();
        const std::optional<Extent> extent = find(file);
        if (!extent || i >= ids.size()) {
            refuse(fmt::format("{} lacks the layer {} or its diff_id", name, file));
        }
        const archive::Codec codec = archive::detect_codec(peek_extent(*extent, 16));
        const bool plain = codec != archive::Codec::gzip && codec != archive::Codec::zstd;
        const char* suffix = plain ? "" : codec == archive::Codec::gzip ? "+gzip" : "+zstd";
        Descriptor descriptor{
            .media_type = std::string(kLayerType) + suffix,
            .digest = plain ? ids[i].as_string() : "sha256:" + hash_extent(*extent),
            .size = extent->size};
        blobs.emplace(descriptor.digest, file);
        image.layers.push_back({.descriptor = std::move(descriptor)});
    }
    const Document manifest = write_manifest(image, config.descriptor);
    image = parse_image(manifest.bytes, config.bytes, name);
    images.push_back({.manifest = manifest.descriptor, .image = image});
    images.back().manifest.platform = image.platform;
}

void ImageReader::State::open_docker_archive(const ImageReference& reference) {
    const std::string where = reference.path.string();
    const json::Value manifest = json::parse(read_named(find, "manifest.json", where), name);
    std::vector<std::string> names;
    const json::Value* found = nullptr;
    const json::Array& entries = manifest.as_array();
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
            if (found == nullptr && matches) {
                found = &entry;
                image_name = text;
            }
        }
    }
    if (reference.tag.empty() && entries.size() == 1) {
        found = &entries.front();
        image_name = names.empty() ? "" : names.front();
    }
    if (found == nullptr || !reference.digest.empty()) {
        throw Error(
            ErrorKind::usage, fmt::format("there is no single image {}", name), listing(names));
    }
    add_docker_image(*found);
    top = images.front().manifest;
}

ImageReader::ImageReader(const ImageReference& reference)
    : state_(with_context(
          "opening " + to_string(reference), [&] { return std::make_unique<State>(reference); })) {}

ImageReader::ImageReader(ImageReader&&) noexcept = default;
ImageReader& ImageReader::operator=(ImageReader&&) noexcept = default;
ImageReader::~ImageReader() = default;

const Descriptor& ImageReader::top() const {
    return state_->top;
}

const std::string& ImageReader::tag() const {
    return state_->image_name;
}

const std::vector<ImageEntry>& ImageReader::images() const {
    return state_->images;
}

const ImageEntry& ImageReader::image(const Platform& platform) const {
    std::vector<std::string> names;
    for (const ImageEntry& entry : state_->images) {
        const Platform offered = entry.manifest.platform.value_or(entry.image.platform);
        if (offered.os == platform.os && offered.architecture == platform.architecture &&
            (platform.variant.empty() || plain_variant(offered) == plain_variant(platform))) {
            return entry;
        }
        names.push_back(
            offered.architecture + (offered.variant.empty() ? "" : "/") + offered.variant);
    }
    throw Error(
        ErrorKind::usage,
        fmt::format("{} has no image for {}/{}", state_->name, platform.os, platform.architecture),
        listing(names));
}

std::unique_ptr<Source> ImageReader::open_blob(const Descriptor& blob) const {
    return open_extent(state_->checked(blob));
}

std::optional<std::filesystem::path> ImageReader::blob_file(const Descriptor& blob) const {
    if (state_->directory.empty()) {
        return std::nullopt;
    }
    return state_->directory / "blobs" / "sha256" / digest_hex(blob.digest);
}

std::unique_ptr<Source> ImageReader::open_layer(const Layer& layer) const {
    return std::make_unique<LayerSource>(open_blob(layer.descriptor), layer);
}

} // namespace pare::oci
