// SPDX-License-Identifier: Apache-2.0
// What names an image: a place on disk, or a repository in a registry.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace pare::oci {

enum class Transport { oci, oci_archive, docker_archive, registry };

/// `oci:DIR[:TAG]`, `oci-archive:FILE[:TAG]`, `docker-archive:FILE[:NAME]`; in place of a tag,
/// `@sha256:<hex>` names a manifest or index, of a layout also one that its index.json does not
/// list any more. Everything else is in a registry, and is read as docker reads it:
/// `[docker://][HOST/]REPOSITORY[:TAG][@sha256:<hex>]`.
struct ImageReference {
    Transport transport = Transport::oci;
    std::filesystem::path path{}; ///< on disk
    std::string host{};           ///< of a registry, with its port: `docker.io`, `127.0.0.1:5000`
    std::string repository{};     ///< in the registry: `library/debian`
    std::string tag{};            ///< on disk, empty: the only image
    std::string digest{};         ///< empty, or `sha256:<hex>`; it counts where both are given

    bool operator==(const ImageReference&) const = default;
};

/// Whether the text begins like a reference to an image on disk (`oci:`, `oci-archive:`,
/// `docker-archive:`).
[[nodiscard]] bool is_image_reference(std::string_view text);
/// The tag of an image in a registry is `latest` when neither tag nor digest is given. Throws
/// ErrorKind::usage.
[[nodiscard]] ImageReference parse_image_reference(std::string_view text);
/// An image or a repository in a registry; without a default for the tag. Throws ErrorKind::usage.
[[nodiscard]] ImageReference parse_registry_reference(std::string_view text);
/// `HOST[:PORT]` alone, in lower case. Throws ErrorKind::usage.
[[nodiscard]] std::string parse_registry_host(std::string_view text);
/// In full, so that it means the same everywhere.
[[nodiscard]] std::string to_string(const ImageReference& reference);

/// Whether a registry would take it as a tag: letters, digits, `_`, `.` and `-`, 128 at most.
[[nodiscard]] bool is_tag(std::string_view text);

} // namespace pare::oci
