// SPDX-License-Identifier: Apache-2.0
// Images as what they point to: enough to carry them elsewhere, whatever they hold.
#pragma once

#include "oci/content.hh"
#include "oci/image.hh"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pare::oci {

/// What a manifest or an index points to.
struct Links {
    std::vector<Descriptor> manifests{}; ///< manifests and indexes
    std::vector<Descriptor> blobs{};     ///< configuration and layers
    std::optional<Descriptor> subject{}; ///< what it belongs to
    std::string
        artifact_type{}; ///< as the referrers API tells it: of the configuration if not said
    std::map<std::string, std::string> annotations{};
};

[[nodiscard]] bool is_index(const Descriptor& descriptor);
[[nodiscard]] bool is_manifest(const Descriptor& descriptor);
/// Made by buildx and listed as an image of an unknown platform.
[[nodiscard]] bool is_attestation(const Descriptor& descriptor);

/// Reads a manifest or an index of that media type, OCI's or Docker's schema 2. Throws
/// ErrorKind::refused.
[[nodiscard]] Links
parse_links(BytesView document, const std::string& media_type, const std::string& name);

/// A manifest or index that is known by nothing but its bytes. Throws ErrorKind::refused.
[[nodiscard]] Descriptor describe_document(BytesView document, const std::string& name);

/// All that has to be carried for one manifest or index to be whole.
struct Graph {
    std::vector<Document> documents{}; ///< what is pointed to before what points; the top is last
    std::vector<Descriptor> blobs{};   ///< each once

    [[nodiscard]] const Document& top() const { return documents.back(); }
};

/// Follows `top` down. Layers that must not be handed on (`nondistributable`) are left out, unless
/// they are there. Throws ErrorKind::refused.
[[nodiscard]] Graph read_graph(const Content& content, const Descriptor& top);

/// The manifest of an index, at any depth, for that platform; an empty variant matches any. `top`
/// itself when it is a manifest. Throws ErrorKind::usage, naming the platforms that there are.
[[nodiscard]] Descriptor
choose_platform(const Content& content, const Descriptor& top, const Platform& platform);

/// `linux/arm/v7`. Throws ErrorKind::usage.
[[nodiscard]] Platform parse_platform_name(std::string_view text);

} // namespace pare::oci
