// SPDX-License-Identifier: Apache-2.0
// What an image reference stands for, as it is: documents and blobs by their digests, wherever they
// lie. registry/ has the one for registries; this room those for layouts and archives on disk.
#pragma once

#include "oci/extent.hh"
#include "oci/image.hh"
#include "oci/reference.hh"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pare::oci {

/// A manifest that belongs to another one: a signature, an SBOM, an attestation.
struct Referrer {
    Descriptor manifest{};
    std::string tag{}; ///< of cosign's older kind: `sha256-<hex>.sig`; else empty
};

/// All members throw ErrorKind::refused for what is damaged and ErrorKind::environment for what
/// cannot be read. Safe for several threads.
class Content {
public:
    Content() = default;
    Content(const Content&) = delete;
    Content& operator=(const Content&) = delete;
    virtual ~Content() = default;

    /// For messages.
    [[nodiscard]] virtual const std::string& name() const = 0;
    /// The name that the image has there; empty when it has none.
    [[nodiscard]] virtual const std::string& tag() const = 0;
    /// The manifests or indexes that the reference names. More than one only of a layout whose
    /// images have no names.
    [[nodiscard]] virtual const std::vector<Descriptor>& tops() const = 0;
    /// A blob of the right size; its bytes have not been hashed. Nothing when it is not there.
    [[nodiscard]] virtual std::optional<Extent> find(const Descriptor& blob) const = 0;
    /// A blob that is what its digest says.
    [[nodiscard]] virtual Extent open(const Descriptor& blob) const;

    /// The file of its own that a blob is, unread; nothing for one that is not, or not yet.
    [[nodiscard]] virtual std::optional<std::filesystem::path>
    file_of(const Descriptor& /*blob*/) const {
        return std::nullopt;
    }

    /// A manifest, index or configuration that is what its digest says; 4 MiB at most.
    [[nodiscard]] virtual Bytes document(const Descriptor& document) const;
    /// What belongs to the manifest or index of that digest.
    [[nodiscard]] virtual std::vector<Referrer> referrers(const std::string& digest) const = 0;
};

/// Throws ErrorKind::refused unless the extent has the size and the digest of `blob`.
void check_extent(const Extent& extent, const Descriptor& blob);

/// Opens what lies on disk. A tag that is not there is ErrorKind::usage, and so is a reference to a
/// registry.
[[nodiscard]] std::shared_ptr<const Content> open_content(const ImageReference& reference);

/// cosign's older tags for what belongs to an image: `sha256-<hex>` and one of `.sig`, `.att`,
/// `.sbom`.
[[nodiscard]] std::vector<std::string> cosign_tags(const std::string& digest);
/// The tag that stands in for the referrers API where a registry has none: `sha256-<hex>`.
[[nodiscard]] std::string fallback_tag(const std::string& digest);

} // namespace pare::oci
