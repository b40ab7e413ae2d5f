// SPDX-License-Identifier: Apache-2.0
// Layers by hand, for the tests of the checks of a rebase.
#pragma once

#include "build/rebase_checks.hh"
#include "support/deb_builder.hh"
#include "support/digest.hh"
#include "support/expect.hh"

#include <initializer_list>
#include <memory>
#include <utility>

namespace pare::test {

using build::Findings;
using build::LayerPtr;
using inspect::Filesystem;

/// A layer of that tar, with the ELF headers that the test says its files have.
inline LayerPtr layer_of(const Tar& tar, const std::map<std::string, elf::Elf>& programs = {}) {
    const Bytes bytes = build_tar(tar);
    ViewSource source(bytes);
    inspect::Layer layer =
        inspect::read_layer(source, "layer", {.contents = true, .keeps = build::read_by_checks});
    for (const auto& [path, elf] : programs) {
        inspect::Entry entry{.mode = 0755, .sha256 = path};
        entry.elf = std::make_shared<const elf::Elf>(elf);
        layer.entries.insert_or_assign(ImagePath::parse(path), entry);
    }
    return std::make_shared<const inspect::Layer>(std::move(layer));
}

inline Filesystem stack(std::initializer_list<LayerPtr> layers) {
    Filesystem files;
    for (const LayerPtr& layer : layers) {
        files.lay(layer);
    }
    return files;
}

inline Names messages(const Findings& findings) {
    Names texts;
    for (const build::Refusal& refusal : findings.refusals) {
        CHECK_FALSE(refusal.hint.empty());
        texts.push_back(refusal.message);
    }
    return texts;
}

} // namespace pare::test
