// SPDX-License-Identifier: Apache-2.0
// Manifests, configurations and indexes that others wrote, as values: OCI image specification 1.1
// and Docker's schema 2, whose media types are turned into those of OCI (the bytes are the same).
// Refused: other schema versions, digests that are not SHA-256, layers that are not tar, layers
// and diff_ids that do not pair, more than 1 000 layers or 10 000 entries of an index or history.
// What pare has no use for (unknown members, a history that does not pair with the layers) is
// skipped, as the specification asks.
#include "oci/documents.hh"
#include "support/digest.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pare::oci {

namespace {

constexpr std::size_t kMaxLayers = 1000;
constexpr std::size_t kMaxManifests = 10'000;
constexpr std::size_t kMaxHistory = 10'000;

using Strings = std::vector<std::string>;

[[noreturn]] void refuse(std::string message) {
    throw Error(ErrorKind::refused, std::move(message));
}

/// The member, unless it is missing or null: Go writes null for an empty list.
const json::Value* find_some(const json::Value& object, std::string_view key) {
    const json::Value* value = object.as_object().find(key);
    return value == nullptr || value->is_null() ? nullptr : value;
}

std::string optional_string(const json::Value& object, std::string_view key) {
    const json::Value* value = find_some(object, key);
    return value == nullptr ? std::string() : value->as_string();
}

std::int64_t optional_integer(const json::Value& object, std::string_view key) {
    const json::Value* value = find_some(object, key);
    return value == nullptr ? 0 : value->as_integer();
}

Strings optional_strings(const json::Value& object, std::string_view key) {
    Strings strings;
    if (const json::Value* value = find_some(object, key)) {
        for (const json::Value& item : value->as_array()) {
            strings.push_back(item.as_string());
        }
    }
    return strings;
}

Strings optional_keys(const json::Value& object, std::string_view key) {
    Strings keys;
    if (const json::Value* value = find_some(object, key)) {
        for (const json::Member& member : value->as_object().members()) {
            keys.push_back(member.first);
        }
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

std::map<std::string, std::string>
optional_string_map(const json::Value& object, std::string_view key) {
    std::map<std::string, std::string> map;
    if (const json::Value* value = find_some(object, key)) {
        for (const json::Member& member : value->as_object().members()) {
            map.emplace(member.first, member.second.as_string());
        }
    }
    return map;
}

/// Architectures and systems become parts of file names and of messages.
std::string platform_word(const json::Value& object, std::string_view key) {
    const std::string word = optional_string(object, key);
    const bool clean = word.size() <= 64 && std::all_of(word.begin(), word.end(), [](char c) {
                           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                  (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
                       });
    if (!clean) {
        refuse(fmt::format("\"{}\" is not the name of an {}", word, key));
    }
    return word;
}

Platform parse_platform(const json::Value& object) {
    Platform platform{
        .os = platform_word(object, "os"),
        .architecture = platform_word(object, "architecture"),
        .variant = platform_word(object, "variant")};
    if (platform.os.empty() || platform.architecture.empty()) {
        refuse("a platform has no os or no architecture");
    }
    return platform;
}

void check_schema(const json::Value& document, std::initializer_list<std::string_view> types) {
    if (document.at("schemaVersion").as_integer() != 2) {
        refuse(fmt::format(
            "expected schemaVersion 2, got {}", document.at("schemaVersion").as_integer()));
    }
    const std::string type = optional_string(document, "mediaType");
    if (!type.empty() && std::find(types.begin(), types.end(), type) == types.end()) {
        refuse(fmt::format("expected a document of type {}, got {}", *types.begin(), type));
    }
}

/// The OCI name of a layer's media type.
std::string layer_type(const std::string& type) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kTypes = {{
        {"application/vnd.oci.image.layer.v1.tar", ""},
        {"application/vnd.oci.image.layer.v1.tar+gzip", "+gzip"},
        {"application/vnd.oci.image.layer.v1.tar+zstd", "+zstd"},
        {"application/vnd.docker.image.rootfs.diff.tar", ""},
        {"application/vnd.docker.image.rootfs.diff.tar.gzip", "+gzip"},
    }};
    for (const auto& [name, suffix] : kTypes) {
        if (type == name) {
            return std::string(kLayerType).append(suffix);
        }
    }
    refuse(fmt::format("a layer has the media type {}, which holds no tar that pare reads", type));
}

RunConfig parse_run_config(const json::Value& object) {
    RunConfig config{
        .user = optional_string(object, "User"),
        .exposed_ports = optional_keys(object, "ExposedPorts"),
        .env = optional_strings(object, "Env"),
        .entrypoint = optional_strings(object, "Entrypoint"),
        .cmd = optional_strings(object, "Cmd"),
        .volumes = optional_keys(object, "Volumes"),
        .working_dir = optional_string(object, "WorkingDir"),
        .labels = optional_string_map(object, "Labels"),
        .stop_signal = optional_string(object, "StopSignal"),
        .stop_timeout = optional_integer(object, "StopTimeout"),
        .shell = optional_strings(object, "Shell"),
        .on_build = optional_strings(object, "OnBuild")};
    if (const json::Value* check = find_some(object, "Healthcheck")) {
        config.healthcheck = Healthcheck{
            .test = optional_strings(*check, "Test"),
            .interval = optional_integer(*check, "Interval"),
            .timeout = optional_integer(*check, "Timeout"),
            .start_period = optional_integer(*check, "StartPeriod"),
            .start_interval = optional_integer(*check, "StartInterval"),
            .retries = optional_integer(*check, "Retries")};
    }
    return config;
}

std::vector<HistoryEntry> parse_history(const json::Value& config) {
    std::vector<HistoryEntry> history;
    if (const json::Value* entries = find_some(config, "history")) {
        if (entries->as_array().size() > kMaxHistory) {
            refuse(fmt::format(
                "{} history entries, {} at most", entries->as_array().size(), kMaxHistory));
        }
        for (const json::Value& entry : entries->as_array()) {
            const json::Value* empty = find_some(entry, "empty_layer");
            history.push_back(
                {.created = optional_string(entry, "created"),
                 .created_by = optional_string(entry, "created_by"),
                 .author = optional_string(entry, "author"),
                 .comment = optional_string(entry, "comment"),
                 .empty_layer = empty != nullptr && empty->as_boolean()});
        }
    }
    return history;
}

/// Gives the image the history, and each layer what made it, when there is one entry a layer.
void set_history(Image& image, std::vector<HistoryEntry> history) {
    Strings makers;
    for (const HistoryEntry& entry : history) {
        if (!entry.empty_layer) {
            makers.push_back(entry.created_by);
        }
    }
    if (makers.size() != image.layers.size()) {
        return;
    }
    for (std::size_t i = 0; i < makers.size(); ++i) {
        image.layers[i].created_by = makers[i];
    }
    if (history != history_of(image)) {
        image.history = std::move(history);
    }
}

Strings parse_diff_ids(const json::Value& config) {
    const json::Value& rootfs = config.at("rootfs");
    if (rootfs.at("type").as_string() != "layers") {
        refuse(
            fmt::format("expected a rootfs of type layers, got {}", rootfs.at("type").as_string()));
    }
    Strings ids = optional_strings(rootfs, "diff_ids");
    for (const std::string& id : ids) {
        static_cast<void>(digest_hex(id));
    }
    return ids;
}

/// The descriptors of the manifest's layers.
std::vector<Layer> parse_layers(const json::Value& manifest) {
    const json::Array& entries = manifest.at("layers").as_array();
    if (entries.size() > kMaxLayers) {
        refuse(fmt::format("{} layers, {} at most", entries.size(), kMaxLayers));
    }
    std::vector<Layer> layers;
    for (const json::Value& entry : entries) {
        layers.push_back({.descriptor = parse_descriptor(entry)});
        layers.back().descriptor.media_type = layer_type(layers.back().descriptor.media_type);
    }
    return layers;
}

Image parse_config(const json::Value& config) {
    Image image{.platform = parse_platform(config), .author = optional_string(config, "author")};
    if (const json::Value* run = find_some(config, "config")) {
        image.config = parse_run_config(*run);
    }
    if (const std::string created = optional_string(config, "created"); !created.empty()) {
        image.created = parse_time(created);
    }
    return image;
}

} // namespace

Descriptor parse_descriptor(const json::Value& value) {
    Descriptor descriptor{
        .media_type = value.at("mediaType").as_string(),
        .digest = value.at("digest").as_string(),
        .annotations = optional_string_map(value, "annotations"),
        .artifact_type = optional_string(value, "artifactType")};
    static_cast<void>(digest_hex(descriptor.digest));
    const std::int64_t size = value.at("size").as_integer();
    if (size < 0) {
        refuse(fmt::format("{} has the size {}", descriptor.digest, size));
    }
    descriptor.size = static_cast<std::uint64_t>(size);
    if (const json::Value* platform = find_some(value, "platform")) {
        descriptor.platform = parse_platform(*platform);
    }
    return descriptor;
}

Image parse_image(BytesView manifest, BytesView config, const std::string& name) {
    return with_context("reading the image " + name, [&] {
        const json::Value document = json::parse(manifest, name);
        check_schema(document, {kManifestType, kDockerManifestType});
        const Descriptor told = parse_descriptor(document.at("config"));
        if (told.media_type != kConfigType && told.media_type != kDockerConfigType) {
            refuse(fmt::format("expected an image, got an artifact of type {}", told.media_type));
        }
        std::vector<Layer> layers = parse_layers(document);
        const json::Value settings = json::parse(config, name);
        const Strings ids = parse_diff_ids(settings);
        if (ids.size() != layers.size()) {
            refuse(fmt::format("{} layers but {} diff_ids", layers.size(), ids.size()));
        }
        for (std::size_t i = 0; i < layers.size(); ++i) {
            layers[i].diff_id = ids[i];
        }
        Image image = parse_config(settings);
        image.layers = std::move(layers);
        set_history(image, parse_history(settings));
        image.annotations = optional_string_map(document, "annotations");
        return image;
    });
}

std::vector<Descriptor> parse_index(BytesView index, const std::string& name) {
    return with_context("reading the index " + name, [&] {
        const json::Value document = json::parse(index, name);
        check_schema(document, {kIndexType, kDockerIndexType});
        const json::Array& entries = document.at("manifests").as_array();
        if (entries.size() > kMaxManifests) {
            refuse(fmt::format("{} entries, {} at most", entries.size(), kMaxManifests));
        }
        std::vector<Descriptor> manifests;
        for (const json::Value& entry : entries) {
            manifests.push_back(parse_descriptor(entry));
        }
        return manifests;
    });
}

} // namespace pare::oci
