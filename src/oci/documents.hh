// SPDX-License-Identifier: Apache-2.0
// The JSON of single parts, for the files of this room.
#pragma once

#include "oci/image.hh"

#include <string_view>

namespace pare::oci {

/// The name of an image within a layout (image-index.md, "Pre-Defined Annotation Keys").
inline constexpr const char* kReferenceName = "org.opencontainers.image.ref.name";
/// The full reference, for containerd and tools built on it.
inline constexpr const char* kContainerdName = "io.containerd.image.name";
inline constexpr const char* kDockerManifestType =
    "application/vnd.docker.distribution.manifest.v2+json";
inline constexpr const char* kDockerIndexType =
    "application/vnd.docker.distribution.manifest.list.v2+json";
inline constexpr const char* kDockerConfigType = "application/vnd.docker.container.image.v1+json";

/// Manifests, configurations and indexes are at most this many bytes (as registries have it).
inline constexpr std::uint64_t kMaxDocument = std::uint64_t{4} << 20;

/// Strings by name, as annotations and labels are written.
[[nodiscard]] json::Object string_map_json(const std::map<std::string, std::string>& map);
[[nodiscard]] json::Object descriptor_json(const Descriptor& descriptor);
/// Throws ErrorKind::refused: unknown digest algorithm, negative size, wrong types.
[[nodiscard]] Descriptor parse_descriptor(const json::Value& value);
/// The bytes with the digest and size that they have.
[[nodiscard]] Document make_document(Bytes bytes, std::string_view media_type);

} // namespace pare::oci
