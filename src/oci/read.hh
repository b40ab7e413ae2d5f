// SPDX-License-Identifier: Apache-2.0
// Reading images back from where other tools write them: an OCI layout directory, the same in a
// tar (oci-archive), what `docker save` writes (docker-archive). Nothing is unpacked; every byte
// that is given out has been held against its digest first.
#pragma once

#include "oci/image.hh"
#include "support/stream.hh"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::oci {

enum class Transport { oci, oci_archive, docker_archive };

/// `oci:DIR[:TAG]`, `oci-archive:FILE[:TAG]`, `docker-archive:FILE[:NAME]`; in place of a tag,
/// `@sha256:<hex>` names a manifest or index, of a layout also one that its index.json does not
/// list any more.
struct ImageReference {
    Transport transport = Transport::oci;
    std::filesystem::path path{};
    std::string tag{};    ///< empty: the only image
    std::string digest{}; ///< empty, or `sha256:<hex>`

    bool operator==(const ImageReference&) const = default;
};

/// Whether the text begins like an image reference (`oci:`, `oci-archive:`, `docker-archive:`).
[[nodiscard]] bool is_image_reference(std::string_view text);
/// Throws ErrorKind::usage.
[[nodiscard]] ImageReference parse_image_reference(std::string_view text);
[[nodiscard]] std::string to_string(const ImageReference& reference);

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
    /// Opens the reference and reads its manifests. A tag that is not there is ErrorKind::usage.
    explicit ImageReader(const ImageReference& reference);
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
    /// The compressed bytes of a layer, which were hashed before this returns. Good as long as
    /// the reader.
    [[nodiscard]] std::unique_ptr<Source> open_blob(const Descriptor& blob) const;
    /// The file of its own that a blob is, unread; nothing inside archives.
    [[nodiscard]] std::optional<std::filesystem::path> blob_file(const Descriptor& blob) const;
    /// The uncompressed tar of a layer, likewise; its diff_id is checked at its end.
    [[nodiscard]] std::unique_ptr<Source> open_layer(const Layer& layer) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace pare::oci
