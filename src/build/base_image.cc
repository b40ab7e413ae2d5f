// SPDX-License-Identifier: Apache-2.0
#include "build/base_image.hh"

#include "build/config.hh"
#include "build/image_source.hh"
#include "support/digest.hh"

#include <utility>

namespace pare::build {

namespace {

oci::ImageReference pinned(const std::string& text, const std::string& pin) {
    oci::ImageReference reference = oci::parse_image_reference(text);
    if (reference.digest.empty() && !pin.empty()) {
        reference.digest = pin;
    }
    return reference;
}

} // namespace

BaseImage::BaseImage(
    const std::string& reference, const std::string& pin, const std::string& architecture,
    const Tools& tools)
    : reference_(pinned(reference, pin)), reader_(open_content(reference_, tools)),
      entry_(reader_.image(platform_of(architecture))) {
    const bool by_tag = reference_.transport == oci::Transport::registry &&
                        oci::parse_image_reference(reference).digest.empty();
    pin_ = by_tag ? reader_.top().digest : std::string();
}

std::string BaseImage::full_name() const {
    return oci::is_full_reference(reader_.tag()) ? reader_.tag() : "";
}

const inspect::ImageContents& BaseImage::contents() {
    if (!contents_) {
        contents_ = inspect::read_contents(reader_, entry_.image, inspect::ElfFiles::read);
    }
    return *contents_;
}

StepState BaseImage::state() {
    StepState state;
    const std::size_t origin =
        state.tree.add_origin({.kind = tree::OriginKind::base, .name = "base image"});
    state.bringers.push_back({.base = std::make_shared<const ElfFiles>(contents().elf_files)});
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
