// SPDX-License-Identifier: Apache-2.0
// Manifests that are no images: signatures, attestations, anything that lies beside images (OCI
// image specification 1.1, manifest.md, "Guidelines for Artifact Usage").
#pragma once

#include "oci/image.hh"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pare::oci {

inline constexpr const char* kEmptyType = "application/vnd.oci.empty.v1+json";

struct Artifact {
    std::string artifact_type{}; ///< empty: the config's media type says what it is
    Descriptor config{};
    std::vector<Descriptor> layers{};
    std::optional<Descriptor> subject{}; ///< the manifest that it is about
    std::map<std::string, std::string> annotations{};

    bool operator==(const Artifact&) const = default;
};

/// Throws ErrorKind::refused.
[[nodiscard]] Artifact parse_artifact(BytesView manifest, const std::string& name);
/// Deterministic bytes; the descriptor carries the artifact's type.
[[nodiscard]] Document write_artifact(const Artifact& artifact);
/// A document of that type, with the digest and size that it has.
[[nodiscard]] Document make_blob(Bytes bytes, std::string_view media_type);
/// The config of artifacts that need none.
[[nodiscard]] Document empty_config();

/// One document about an image, such as a bill of materials, that goes beside it.
struct Attachment {
    Descriptor subject{};        ///< the manifest or index that it is about
    std::string artifact_type{}; ///< also the media type of its bytes
    Bytes bytes{};
    std::int64_t created = 0; ///< seconds since the epoch
};

/// The artifact that carries it: config, content and, last, the manifest.
[[nodiscard]] std::vector<Document> write_attachment(const Attachment& attachment);

/// Whether the entry of a layout's index is a signature or another thing about an image, and no
/// image: by its type, by cosign's tag (`sha256-<hex>.sig`), or by the tag of a list of referrers.
[[nodiscard]] bool is_about_an_image(const Descriptor& entry);

} // namespace pare::oci
