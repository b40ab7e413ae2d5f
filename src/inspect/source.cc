// SPDX-License-Identifier: Apache-2.0
#include "inspect/source.hh"

#include "support/error.hh"

#include <utility>

namespace pare::inspect {

namespace {

class ContentImage final : public ImageSource {
public:
    ContentImage(oci::ImageReference reference, OpenContent open)
        : reference_(std::move(reference)), open_(std::move(open)),
          reader_(with_context("opening " + oci::to_string(reference_), [&] {
              return oci::ImageReader(open_(reference_));
          })) {}

    [[nodiscard]] std::string name() const override { return oci::to_string(reference_); }

    [[nodiscard]] std::string tag() const override { return reader_.tag(); }

    [[nodiscard]] std::optional<std::filesystem::path> layout() const override {
        const bool is_layout = reference_.transport == oci::Transport::oci;
        return is_layout ? std::optional(reference_.path) : std::nullopt;
    }

    [[nodiscard]] const std::vector<oci::ImageEntry>& images() const override {
        return reader_.images();
    }

    [[nodiscard]] oci::Descriptor top() const override { return reader_.top(); }

    [[nodiscard]] std::optional<Bytes>
    attachment(const std::string& subject, const std::string& artifact_type) const override {
        return reader_.attachment(subject, artifact_type);
    }

    [[nodiscard]] std::unique_ptr<Source> open_layer(const oci::Layer& layer) const override {
        return reader_.open_layer(layer);
    }

    [[nodiscard]] std::unique_ptr<Source> open_blob(const oci::Descriptor& blob) const override {
        return reader_.open_blob(blob);
    }

    [[nodiscard]] std::optional<std::filesystem::path>
    blob_file(const oci::Descriptor& blob) const override {
        return reader_.blob_file(blob);
    }

    [[nodiscard]] std::unique_ptr<ImageSource>
    find_digest(const std::string& digest) const override {
        oci::ImageReference reference = reference_;
        reference.tag.clear();
        reference.digest = digest;
        return find(reference);
    }

    [[nodiscard]] std::unique_ptr<ImageSource> find_tag(const std::string& tag) const override {
        if (reference_.transport == oci::Transport::registry) {
            return find(oci::parse_image_reference(tag));
        }
        oci::ImageReference reference = reference_;
        reference.tag = tag;
        reference.digest.clear();
        return find(reference);
    }

private:
    [[nodiscard]] std::unique_ptr<ImageSource> find(const oci::ImageReference& reference) const {
        try {
            return std::make_unique<ContentImage>(reference, open_);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::usage) {
                throw;
            }
            return nullptr;
        }
    }

    oci::ImageReference reference_;
    OpenContent open_;
    oci::ImageReader reader_;
};

} // namespace

std::unique_ptr<ImageSource> open_source(const std::string& reference, const OpenContent& open) {
    return std::make_unique<ContentImage>(oci::parse_image_reference(reference), open);
}

const oci::ImageEntry* find_platform(const ImageSource& source, const oci::Platform& platform) {
    for (const oci::ImageEntry& entry : source.images()) {
        const oci::Platform& offered = entry.image.platform;
        if (offered.os == platform.os && offered.architecture == platform.architecture &&
            oci::plain_variant(offered) == oci::plain_variant(platform)) {
            return &entry;
        }
    }
    return nullptr;
}

} // namespace pare::inspect
