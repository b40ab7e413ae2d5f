// SPDX-License-Identifier: Apache-2.0
// Where images come from: the one place that turns a reference into something to read.
#pragma once

#include "oci/read.hh"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pare::inspect {

/// An image, or the images of an index. May be used by several threads.
class ImageSource {
public:
    ImageSource() = default;
    ImageSource(const ImageSource&) = delete;
    ImageSource& operator=(const ImageSource&) = delete;
    virtual ~ImageSource() = default;

    /// The reference.
    [[nodiscard]] virtual std::string name() const = 0;
    /// The name of the image where it is; empty when it has none there.
    [[nodiscard]] virtual std::string tag() const = 0;
    /// The layout directory that it lies in; nothing elsewhere.
    [[nodiscard]] virtual std::optional<std::filesystem::path> layout() const = 0;
    /// All platforms.
    [[nodiscard]] virtual const std::vector<oci::ImageEntry>& images() const = 0;

    /// What the reference stands for: an index, or a manifest.
    [[nodiscard]] virtual oci::Descriptor top() const { return images().front().manifest; }

    /// The document of that type about an image or index of the same place (oci/attachment.hh);
    /// nothing when there is none.
    [[nodiscard]] virtual std::optional<Bytes>
    attachment(const std::string& /*subject*/, const std::string& /*artifact_type*/) const {
        return std::nullopt;
    }

    /// The uncompressed tar of a layer; what it gives has been held against its digests at its end.
    [[nodiscard]] virtual std::unique_ptr<Source> open_layer(const oci::Layer& layer) const = 0;
    /// The bytes of a blob, likewise.
    [[nodiscard]] virtual std::unique_ptr<Source> open_blob(const oci::Descriptor& blob) const = 0;
    /// The file of its own that a blob is, if it is one; unread.
    [[nodiscard]] virtual std::optional<std::filesystem::path>
    blob_file(const oci::Descriptor& blob) const = 0;
    /// The manifest or index of that digest (`sha256:<hex>`) in the same place; null when it is not
    /// there.
    [[nodiscard]] virtual std::unique_ptr<ImageSource>
    find_digest(const std::string& digest) const = 0;
    /// The image of that name in the same place, likewise; of an image in a registry the name is in
    /// full.
    [[nodiscard]] virtual std::unique_ptr<ImageSource> find_tag(const std::string& tag) const = 0;
};

/// How a reference becomes something to read.
using OpenContent =
    std::function<std::shared_ptr<const oci::Content>(const oci::ImageReference& reference)>;

/// What `open` takes; by default what is on disk: `oci:DIR[:TAG]`, `oci-archive:FILE[:TAG]`,
/// `docker-archive:FILE[:NAME]`. Throws ErrorKind::usage.
[[nodiscard]] std::unique_ptr<ImageSource>
open_source(const std::string& reference, const OpenContent& open = oci::open_content);

/// The image for just that platform, null when there is none.
[[nodiscard]] const oci::ImageEntry*
find_platform(const ImageSource& source, const oci::Platform& platform);

} // namespace pare::inspect
