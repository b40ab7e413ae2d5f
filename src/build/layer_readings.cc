// SPDX-License-Identifier: Apache-2.0
// A reading is kept under the digests of the blob and of the tar in it: both were checked when it
// was made, so that no image can give its own layer the name of another one's tar.
#include "build/layer_readings.hh"

#include "build/identity.hh"
#include "inspect/layer_record.hh"
#include "sbom/java_archives.hh"
#include "support/thread_pool.hh"

#include <atomic>

namespace pare::build {

namespace {

using LayerPtr = std::shared_ptr<const inspect::Layer>;

std::string key_of(const oci::Layer& layer) {
    return Identity(inspect::kLayerRecordVersion)
        .add(layer.descriptor.digest)
        .add(layer.descriptor.media_type)
        .add(layer.diff_id)
        .hex();
}

inspect::Look look() {
    return {
        .contents = true,
        .go = true,
        .keeps =
            [](const ImagePath& path) {
                return sbom::is_of_interest(path) || path.relative() == "etc/ld.so.cache";
            },
        .extract = {
            .wants = [](const ImagePath& path) { return sbom::is_java_archive(path.relative()); },
            .make = sbom::extract_java_archive}};
}

/// What the store has of a layer; null when that is nothing.
LayerPtr find(const std::string& key, const Tools& tools) {
    const auto record = tools.store.get(store::Kind::layer, key);
    auto layer = record ? inspect::read_layer_record(*record) : std::nullopt;
    return layer ? std::make_shared<const inspect::Layer>(*std::move(layer)) : nullptr;
}

LayerPtr read_and_keep(
    const std::string& key, const oci::Layer& layer, const OpenLayer& open, const Tools& tools) {
    const Activity activity(tools.events, Stage::assemble, "reading " + layer.descriptor.digest);
    const auto tar = open(layer);
    auto read = std::make_shared<const inspect::Layer>(
        inspect::read_layer(*tar, layer.descriptor.digest, look()));
    tools.store.put(store::Kind::layer, key, inspect::write_layer_record(*read));
    return read;
}

} // namespace

std::vector<LayerPtr> LayerReadings::read(const oci::Image& image, const OpenLayer& open) {
    std::map<std::string, LayerPtr> missing;
    std::atomic<std::size_t> opened{0};
    TaskGroup group(tools_.pool);
    for (const oci::Layer& layer : image.layers) {
        const auto [place, is_new] = missing.try_emplace(key_of(layer));
        if (!is_new || layers_.contains(place->first)) {
            continue;
        }
        group.run(
            layer.descriptor.size,
            [this, &layer, &open, &opened, &key = place->first, &result = place->second] {
                result = find(key, tools_);
                if (!result) {
                    ++opened;
                    result = read_and_keep(key, layer, open, tools_);
                }
            });
    }
    group.wait();
    layers_.merge(missing);
    opened_ += opened;
    std::vector<LayerPtr> layers;
    layers.reserve(image.layers.size());
    for (const oci::Layer& layer : image.layers) {
        layers.push_back(layers_.at(key_of(layer)));
    }
    return layers;
}

} // namespace pare::build
