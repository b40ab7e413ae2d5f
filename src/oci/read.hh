// SPDX-License-Identifier: Apache-2.0
// Images as values, read back from where they lie (content.hh). Nothing is unpacked; every byte
// that is given out has been held against its digest first.
#pragma once

#include "oci/content.hh"
#include "oci/image.hh"
#include "oci/reference.hh"
#include "support/stream.hh"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pare::oci {

/// One image that a reference stands for.
struct ImageEntry {
    Descriptor manifest{}; ///< with its platform
    Image image{};
};

/// An image, or the images of an index, open for reading. Movable; files stay open as long as it.
/// All members throw ErrorKind::refused for what is damaged and ErrorKind::environment for what
/// cannot be read.
class ImageReader {
public:
    /// Opens a reference to an image on disk and reads its manifests. A tag that is not there is
    /// ErrorKind::usage.
    explicit ImageReader(const ImageReference& reference);
    /// Reads the manifests of what is open already.
    explicit ImageReader(std::shared_ptr<const Content> content);
    ImageReader(ImageReader&&) noexcept;
    ImageReader& operator=(ImageReader&&) noexcept;
    ~ImageReader();

    /// What the reference stands for: an index, or a manifest.
    [[nodiscard]] const Descriptor& top() const;
    /// The name that the image has there; empty when it has none.
    [[nodiscard]] const std::string& tag() const;
    /// All platforms, in the order of the index. Attestations beside them are left out.
    [[nodiscard]] const std::vector<ImageEntry>& images() const;
    /// The image for that platform; an empty variant matches any. Throws ErrorKind::usage, naming
    /// the platforms that there are.
    [[nodiscard]] const ImageEntry& image(const Platform& platform) const;
    /// The document of that type about the image or index of that digest which goes with it
    /// (oci/artifact.hh); nothing when there is none.
    [[nodiscard]] std::optional<Bytes>
    attachment(const std::string& subject, const std::string& artifact_type) const;
    /// The compressed bytes of a layer, which were hashed before this returns. Good as long as
    /// the reader.
    [[nodiscard]] std::unique_ptr<Source> open_blob(const Descriptor& blob) const;
    /// The file of its own that a blob is, unread; nothing inside archives and registries.
    [[nodiscard]] std::optional<std::filesystem::path> blob_file(const Descriptor& blob) const;
    /// The uncompressed tar of a layer, likewise; its diff_id is checked at its end.
    [[nodiscard]] std::unique_ptr<Source> open_layer(const Layer& layer) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace pare::oci
