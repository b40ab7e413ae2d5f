// SPDX-License-Identifier: Apache-2.0
// From documents to images. Trust runs down from what the user named: what content.cc gives is what
// its digest says, and must be what the document above it says. Attestations that are listed as
// images of an unknown platform (buildx) are passed over. Refused: indexes more than 4 deep or with
// more than 1 000 images.
#include "oci/read.hh"

#include "archive/codec.hh"
#include "oci/artifact.hh"
#include "oci/documents.hh"
#include "oci/extent.hh"
#include "oci/graph.hh"
#include "support/digest.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::oci {

namespace {

constexpr int kMaxDepth = 4;
constexpr std::size_t kMaxImages = 1000;
constexpr std::size_t kMaxAttachment = std::size_t{256} << 20;

[[noreturn]] void refuse(std::string message) {
    throw Error(ErrorKind::refused, std::move(message));
}

bool is_image_config(const Descriptor& config) {
    return config.media_type == kConfigType || config.media_type == kDockerConfigType;
}

/// Platforms as a list for a hint.
std::string listing(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return "it holds " + join(names, ", ");
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
    explicit State(std::shared_ptr<const Content> opened);

    void add(const Descriptor& descriptor, int depth);

    std::shared_ptr<const Content> content;
    Descriptor top;
    std::vector<ImageEntry> images;
};

ImageReader::State::State(std::shared_ptr<const Content> opened) : content(std::move(opened)) {
    const std::vector<Descriptor>& tops = content->tops();
    top = tops.size() == 1 ? tops.front() : write_index(tops, {}).descriptor;
    for (const Descriptor& entry : tops) {
        add(entry, 0);
    }
    if (images.empty()) {
        refuse(fmt::format("{} holds no image that can be run", content->name()));
    }
}

void ImageReader::State::add(const Descriptor& descriptor, int depth) {
    if (is_attestation(descriptor)) {
        return;
    }
    if (is_index(descriptor)) {
        if (depth >= kMaxDepth) {
            refuse(fmt::format("{} has indexes more than {} deep", content->name(), kMaxDepth));
        }
        for (const Descriptor& entry :
             parse_index(content->document(descriptor), content->name())) {
            add(entry, depth + 1);
        }
        return;
    }
    if (!is_manifest(descriptor)) {
        return;
    }
    if (images.size() >= kMaxImages) {
        refuse(fmt::format("{} has more than {} images", content->name(), kMaxImages));
    }
    const Bytes manifest = content->document(descriptor);
    const json::Value parsed = json::parse(manifest, content->name());
    const Descriptor config = parse_descriptor(parsed.at("config"));
    if (parsed.as_object().find("subject") != nullptr && !is_image_config(config)) {
        return;
    }
    ImageEntry entry{
        .manifest = descriptor,
        .image = parse_image(manifest, content->document(config), content->name())};
    if (!entry.manifest.platform) {
        entry.manifest.platform = entry.image.platform;
    }
    images.push_back(std::move(entry));
}

ImageReader::ImageReader(const ImageReference& reference)
    : state_(with_context("opening " + to_string(reference), [&] {
          return std::make_unique<State>(open_content(reference));
      })) {}

ImageReader::ImageReader(std::shared_ptr<const Content> content)
    : state_(with_context(
          "opening " + content->name(), [&] { return std::make_unique<State>(content); })) {}

ImageReader::ImageReader(ImageReader&&) noexcept = default;
ImageReader& ImageReader::operator=(ImageReader&&) noexcept = default;
ImageReader::~ImageReader() = default;

std::optional<Bytes>
ImageReader::attachment(const std::string& subject, const std::string& artifact_type) const {
    const Content& content = *state_->content;
    for (const Referrer& referrer : content.referrers(subject)) {
        const std::string& told = referrer.manifest.artifact_type;
        if (!referrer.tag.empty() || (!told.empty() && told != artifact_type)) {
            continue;
        }
        const Artifact artifact =
            parse_artifact(content.document(referrer.manifest), content.name());
        if (artifact.artifact_type == artifact_type && artifact.layers.size() == 1) {
            const auto source = open_blob(artifact.layers.front());
            return read_all(*source, kMaxAttachment);
        }
    }
    return std::nullopt;
}

const Descriptor& ImageReader::top() const {
    return state_->top;
}

const std::string& ImageReader::tag() const {
    return state_->content->tag();
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
        fmt::format(
            "{} has no image for {}/{}", state_->content->name(), platform.os,
            platform.architecture),
        listing(names));
}

std::unique_ptr<Source> ImageReader::open_blob(const Descriptor& blob) const {
    return open_extent(state_->content->open(blob));
}

std::optional<std::filesystem::path> ImageReader::blob_file(const Descriptor& blob) const {
    return state_->content->file_of(blob);
}

std::unique_ptr<Source> ImageReader::open_layer(const Layer& layer) const {
    return std::make_unique<LayerSource>(open_blob(layer.descriptor), layer);
}

} // namespace pare::oci
