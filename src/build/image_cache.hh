// SPDX-License-Identifier: Apache-2.0
// Finished images in the store, under a key of everything that they depend on: when nothing
// changed, a build reads one small file for each image.
#pragma once

#include "build/plan.hh"

#include <optional>
#include <string>

namespace pare::build {

[[nodiscard]] std::string image_key(const Target& target, const Options& options);

/// The image, when its record and all its blobs are in the store.
[[nodiscard]] std::optional<oci::Image> find_image(const std::string& key, const Tools& tools);
void keep_image(const std::string& key, const oci::Image& image, const Tools& tools);

} // namespace pare::build
