// SPDX-License-Identifier: Apache-2.0
// Images as values, and their JSON (OCI image specification 1.1: config.md, manifest.md,
// image-index.md, image-layout.md).
#pragma once

#include "support/json.hh"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::oci {

/// `linux/arm/v7`.
struct Platform {
    std::string os = "linux";
    std::string architecture{};
    std::string variant{};

    auto operator<=>(const Platform&) const = default;
};

/// The variant, unless it is the one that the architecture has anyway (arm64: v8).
[[nodiscard]] std::string plain_variant(const Platform& platform);

struct Descriptor {
    std::string media_type{};
    std::string digest{}; ///< `sha256:<hex>`
    std::uint64_t size = 0;
    std::map<std::string, std::string> annotations{};
    std::optional<Platform> platform{};
    std::string artifact_type{}; ///< of an artifact's manifest

    bool operator==(const Descriptor&) const = default;
};

struct Healthcheck {
    std::vector<std::string> test{};
    std::int64_t interval = 0; ///< nanoseconds; 0: not written
    std::int64_t timeout = 0;
    std::int64_t start_period = 0;
    std::int64_t start_interval = 0;
    std::int64_t retries = 0;

    bool operator==(const Healthcheck&) const = default;
};

/// The `config` object of an image configuration.
struct RunConfig {
    std::string user{};
    std::vector<std::string> exposed_ports{};
    std::vector<std::string> env{}; ///< `KEY=value`, in order
    std::vector<std::string> entrypoint{};
    std::vector<std::string> cmd{};
    std::vector<std::string> volumes{};
    std::string working_dir{};
    std::map<std::string, std::string> labels{};
    std::string stop_signal{};
    std::int64_t stop_timeout = 0; ///< seconds, -1: without end; 0: not written
    std::optional<Healthcheck> healthcheck{};
    std::vector<std::string> shell{};    ///< of commands in shell form
    std::vector<std::string> on_build{}; ///< for the next Dockerfile

    bool operator==(const RunConfig&) const = default;
};

/// One layer: what it is called and where its bytes are.
struct Layer {
    Descriptor descriptor{};  ///< of the compressed blob
    std::string diff_id{};    ///< `sha256:<hex>` of the uncompressed tar
    std::string created_by{}; ///< for the history

    bool operator==(const Layer&) const = default;
};

/// One step that made an image.
struct HistoryEntry {
    std::string created{}; ///< as it was written
    std::string created_by{};
    std::string author{};
    std::string comment{};
    bool empty_layer = false;

    bool operator==(const HistoryEntry&) const = default;
};

struct Image {
    Platform platform{};
    RunConfig config{};
    std::vector<Layer> layers{};
    std::int64_t created = 0; ///< seconds since the epoch
    std::string author{};
    /// Empty when it says no more than the layers do: history_of() makes it from them.
    std::vector<HistoryEntry> history{};
    std::map<std::string, std::string> annotations{}; ///< of the manifest

    bool operator==(const Image&) const = default;
};

inline constexpr const char* kManifestType = "application/vnd.oci.image.manifest.v1+json";
inline constexpr const char* kIndexType = "application/vnd.oci.image.index.v1+json";
inline constexpr const char* kConfigType = "application/vnd.oci.image.config.v1+json";
inline constexpr const char* kLayerType = "application/vnd.oci.image.layer.v1.tar";

/// The annotation of that key; empty when there is none.
[[nodiscard]] std::string
annotation(const std::map<std::string, std::string>& annotations, const std::string& key);

/// A JSON document with its descriptor.
struct Document {
    Bytes bytes{};
    Descriptor descriptor{};
};

/// What a document becomes that may not be there yet. A change that is made already gives back the
/// same bytes: where others write too, it is asked again of what it has written.
using DocumentChange = std::function<Document(const std::optional<Document>& old)>;

/// The immediate image below this one, and its name (annotations.md of the specification).
inline constexpr const char* kBaseDigest = "org.opencontainers.image.base.digest";
inline constexpr const char* kBaseName = "org.opencontainers.image.base.name";

/// Whether a host comes first in the name of an image, so that it means the same everywhere.
[[nodiscard]] bool is_full_reference(std::string_view name);

/// The history as it is written: that of the image, or one entry a layer.
[[nodiscard]] std::vector<HistoryEntry> history_of(const Image& image);

/// Deterministic bytes, members in the specification's order, empty members left out.
[[nodiscard]] Document write_config(const Image& image);
/// The manifest of an image whose config document is `config`; its descriptor carries the platform.
[[nodiscard]] Document write_manifest(const Image& image, const Descriptor& config);
/// An index over manifests (or indexes), in the order given.
[[nodiscard]] Document write_index(
    const std::vector<Descriptor>& manifests,
    const std::map<std::string, std::string>& annotations);

/// Read back, strictly enough to trust nothing: digests and sizes are checked by the caller's
/// `blob` function. Throws ErrorKind::refused.
[[nodiscard]] Image parse_image(BytesView manifest, BytesView config, const std::string& name);
[[nodiscard]] std::vector<Descriptor> parse_index(BytesView index, const std::string& name);

} // namespace pare::oci
