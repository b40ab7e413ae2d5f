// SPDX-License-Identifier: Apache-2.0
// Layers as values, each read once ever: what is in it is kept in the store.
#pragma once

#include "build/describe.hh"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pare::build {

class LayerReadings {
public:
    explicit LayerReadings(const Tools& tools) : tools_(tools) {}

    /// The layers of an image, lowest first, several read at a time: with contents, the programs of
    /// Go, what package databases and the loader's cache say, and the extracts of Java's archives.
    /// Throws ErrorKind::refused for what no image should hold.
    [[nodiscard]] std::vector<std::shared_ptr<const inspect::Layer>>
    read(const oci::Image& image, const OpenLayer& open);

    /// How many layers were not known yet.
    [[nodiscard]] std::size_t opened() const { return opened_; }

private:
    const Tools& tools_;
    std::map<std::string, std::shared_ptr<const inspect::Layer>> layers_{}; ///< by key
    std::size_t opened_ = 0;
};

} // namespace pare::build
