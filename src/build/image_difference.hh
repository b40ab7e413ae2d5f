// SPDX-License-Identifier: Apache-2.0
// What differs between an image and the same image built again.
#pragma once

#include "build/describe.hh"
#include "inspect/difference.hh"
#include "oci/image.hh"

#include <optional>
#include <string>
#include <vector>

namespace pare::build {

/// A layer that is not the same. One that only one side has is missing on the other.
struct LayerDifference {
    std::optional<std::size_t> left{}; ///< counted from 0, from the lowest
    std::optional<std::size_t> right{};
    std::string created_by{};
    bool only_compression = false; ///< the tar is the same
    std::vector<inspect::PathDifference> paths{};
};

struct ImageDifference {
    std::vector<inspect::Differing> config{}; ///< and what the manifest says beside the layers
    std::vector<LayerDifference> layers{};

    [[nodiscard]] bool none() const { return config.empty() && layers.empty(); }
};

/// What differs beside the layers.
[[nodiscard]] std::vector<inspect::Differing>
compare_configs(const oci::Image& left, const oci::Image& right);

/// An image and how its layers are opened.
struct OpenImage {
    const oci::Image& image;
    const OpenLayer& open;
};

/// Reads the layers that are not the same, and no others.
[[nodiscard]] ImageDifference compare_images(const OpenImage& left, const OpenImage& right);

} // namespace pare::build
