// SPDX-License-Identifier: Apache-2.0
// Image configurations, manifests and indexes as bytes. OCI image specification 1.1: config.md,
// manifest.md, image-index.md, descriptor.md. Members stand in the order of the specification's
// tables, sets and maps are sorted, and what is empty is left out, so that one value has one form.
// `Healthcheck`, `Shell`, `OnBuild` and `StopTimeout` are not in the specification but every engine
// reads them where docker puts them.
#include "oci/image.hh"

#include "oci/documents.hh"
#include "support/digest.hh"
#include "support/text.hh"

#include <algorithm>
#include <set>

namespace pare::oci {

namespace {

json::Array string_array(const std::vector<std::string>& strings) {
    return {strings.begin(), strings.end()};
}

/// A set as Go writes it: `{"8080/tcp": {}}`.
json::Object string_set(const std::vector<std::string>& strings) {
    json::Object object;
    for (const std::string& text : std::set<std::string>(strings.begin(), strings.end())) {
        object.set(text, json::Object());
    }
    return object;
}

/// Adds the member unless its value is empty.
template <typename Part>
void set_some(json::Object& object, const char* key, Part part) {
    if (!part.empty()) {
        object.set(key, std::move(part));
    }
}

void set_positive(json::Object& object, const char* key, std::int64_t number) {
    if (number > 0) {
        object.set(key, number);
    }
}

json::Object healthcheck_json(const Healthcheck& check) {
    json::Object object;
    set_some(object, "Test", string_array(check.test));
    set_positive(object, "Interval", check.interval);
    set_positive(object, "Timeout", check.timeout);
    set_positive(object, "StartPeriod", check.start_period);
    set_positive(object, "StartInterval", check.start_interval);
    set_positive(object, "Retries", check.retries);
    return object;
}

json::Object run_config_json(const RunConfig& config) {
    json::Object object;
    set_some(object, "User", config.user);
    set_some(object, "ExposedPorts", string_set(config.exposed_ports));
    set_some(object, "Env", string_array(config.env));
    set_some(object, "Entrypoint", string_array(config.entrypoint));
    set_some(object, "Cmd", string_array(config.cmd));
    set_some(object, "Volumes", string_set(config.volumes));
    set_some(object, "WorkingDir", config.working_dir);
    set_some(object, "Labels", string_map_json(config.labels));
    set_some(object, "StopSignal", config.stop_signal);
    if (config.healthcheck) {
        object.set("Healthcheck", healthcheck_json(*config.healthcheck));
    }
    if (config.stop_timeout != 0) {
        object.set("StopTimeout", config.stop_timeout);
    }
    set_some(object, "Shell", string_array(config.shell));
    set_some(object, "OnBuild", string_array(config.on_build));
    return object;
}

void set_platform(json::Object& object, const Platform& platform) {
    object.set("architecture", platform.architecture);
    object.set("os", platform.os);
    set_some(object, "variant", platform.variant);
}

json::Array history_json(const Image& image) {
    json::Array history;
    for (const HistoryEntry& step : history_of(image)) {
        json::Object entry;
        set_some(entry, "created", step.created);
        set_some(entry, "created_by", step.created_by);
        set_some(entry, "author", step.author);
        set_some(entry, "comment", step.comment);
        if (step.empty_layer) {
            entry.set("empty_layer", true);
        }
        history.emplace_back(std::move(entry));
    }
    return history;
}

json::Array diff_ids_json(const Image& image) {
    json::Array ids;
    for (const Layer& layer : image.layers) {
        ids.emplace_back(layer.diff_id);
    }
    return ids;
}

} // namespace

std::string
annotation(const std::map<std::string, std::string>& annotations, const std::string& key) {
    const auto found = annotations.find(key);
    return found == annotations.end() ? std::string() : found->second;
}

json::Object string_map_json(const std::map<std::string, std::string>& map) {
    json::Object object;
    for (const auto& [key, value] : map) {
        object.set(key, value);
    }
    return object;
}

json::Object descriptor_json(const Descriptor& descriptor) {
    json::Object object{
        {"mediaType", descriptor.media_type},
        {"digest", descriptor.digest},
        {"size", descriptor.size}};
    set_some(object, "annotations", string_map_json(descriptor.annotations));
    if (descriptor.platform) {
        json::Object platform;
        set_platform(platform, *descriptor.platform);
        object.set("platform", std::move(platform));
    }
    if (!descriptor.artifact_type.empty()) {
        object.set("artifactType", descriptor.artifact_type);
    }
    return object;
}

std::string plain_variant(const Platform& platform) {
    const bool usual = platform.architecture == "arm64" && platform.variant == "v8";
    return usual ? std::string() : platform.variant;
}

bool is_full_reference(std::string_view name) {
    const std::size_t slash = name.find('/');
    if (slash == std::string_view::npos) {
        return false;
    }
    const std::string_view host = name.substr(0, slash);
    return host == "localhost" || host.find_first_of(".:") != std::string_view::npos;
}

std::vector<HistoryEntry> history_of(const Image& image) {
    std::vector<HistoryEntry> history = image.history;
    if (history.empty()) {
        const std::string created = format_time(image.created);
        for (const Layer& layer : image.layers) {
            history.push_back({.created = created, .created_by = layer.created_by});
        }
    }
    return history;
}

Document make_document(Bytes bytes, std::string_view media_type) {
    Document document{.bytes = std::move(bytes)};
    document.descriptor = {
        .media_type = std::string(media_type),
        .digest = oci_digest(document.bytes),
        .size = document.bytes.size()};
    return document;
}

Document write_config(const Image& image) {
    json::Object object{{"created", format_time(image.created)}};
    set_some(object, "author", image.author);
    set_platform(object, image.platform);
    set_some(object, "config", run_config_json(image.config));
    object.set("rootfs", json::Object{{"type", "layers"}, {"diff_ids", diff_ids_json(image)}});
    set_some(object, "history", history_json(image));
    return make_document(json::write(object), kConfigType);
}

Document write_manifest(const Image& image, const Descriptor& config) {
    json::Array layers;
    for (const Layer& layer : image.layers) {
        layers.emplace_back(descriptor_json(layer.descriptor));
    }
    json::Object object{
        {"schemaVersion", 2},
        {"mediaType", kManifestType},
        {"config", descriptor_json(config)},
        {"layers", std::move(layers)}};
    set_some(object, "annotations", string_map_json(image.annotations));
    Document document = make_document(json::write(object), kManifestType);
    document.descriptor.platform = image.platform;
    return document;
}

Document write_index(
    const std::vector<Descriptor>& manifests,
    const std::map<std::string, std::string>& annotations) {
    json::Array entries;
    for (const Descriptor& manifest : manifests) {
        entries.emplace_back(descriptor_json(manifest));
    }
    json::Object object{
        {"schemaVersion", 2}, {"mediaType", kIndexType}, {"manifests", std::move(entries)}};
    set_some(object, "annotations", string_map_json(annotations));
    return make_document(json::write(object), kIndexType);
}

} // namespace pare::oci
