// SPDX-License-Identifier: Apache-2.0
#include "build/base_image.hh"

#include "build/config.hh"
#include "support/digest.hh"

#include <fmt/core.h>

#include <utility>

namespace pare::build {

namespace {

oci::ImageReader open_image(const std::string& reference) {
    if (!oci::is_image_reference(reference)) {
        throw Error(
            ErrorKind::definition, fmt::format("from: '{}' is no image on this machine", reference),
            fmt::format(
                "fetch it first: skopeo copy docker://{0} oci:base, then from: oci:base",
                reference));
    }
    return oci::ImageReader(oci::parse_image_reference(reference));
}

} // namespace

BaseImage::BaseImage(const std::string& reference, const std::string& architecture)
    : reader_(open_image(reference)), entry_(reader_.image(platform_of(architecture))) {}

std::string BaseImage::full_name() const {
    return oci::is_full_reference(reader_.tag()) ? reader_.tag() : "";
}

const inspect::ImageContents& BaseImage::contents() {
    if (!contents_) {
        contents_ = inspect::read_contents(reader_, entry_.image);
    }
    return *contents_;
}

StepState BaseImage::state() {
    StepState state;
    const std::size_t origin =
        state.tree.add_origin({.kind = tree::OriginKind::base, .name = "base image"});
    state.bringers.emplace_back();
    for (const auto& [path, entry] : contents().entries) {
        state.tree.add_missing_parents(path, origin, 0);
        state.tree.add(entry, origin, [](const auto&, const auto&) { return false; });
    }
    state.date = entry_.image.created;
    state.layers_below = entry_.image.layers.size();
    return state;
}

void BaseImage::keep_layers(store::Store& store) const {
    for (const oci::Layer& layer : entry_.image.layers) {
        const std::string key = digest_hex(layer.descriptor.digest);
        if (!store.has(store::Kind::blob, key)) {
            AtomicFile blob = store.create(store::Kind::blob);
            const auto source = reader_.open_blob(layer.descriptor);
            copy_all(*source, blob);
            store.keep(std::move(blob), store::Kind::blob, key);
        }
    }
}

} // namespace pare::build
