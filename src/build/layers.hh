// SPDX-License-Identifier: Apache-2.0
// The fifth stage: a layer is the directories that its entries stand in, then the parts of its
// cuts, then what finishers made, then the end mark. Parts are taken as they are in the store, in
// compressed form too, so that no byte of a package is compressed twice.
#pragma once

#include "build/assemble.hh"
#include "oci/image.hh"

#include <map>
#include <string>
#include <vector>

namespace pare::build {

/// The layers of all steps, in the order of their plans. Each is made once however many images
/// share it, and not at all when the store has it.
[[nodiscard]] std::map<const StepNode*, std::vector<oci::Layer>> make_layers(
    const std::map<const StepNode*, StepState>& states, const archive::Compression& compression,
    const Tools& tools);

/// The image of a target: its base's layers, then those of its steps.
[[nodiscard]] oci::Image make_image(
    const Target& target, const std::map<const StepNode*, StepState>& states,
    const std::map<const StepNode*, std::vector<oci::Layer>>& layers, const Tools& tools);

/// `application/vnd.oci.image.layer.v1.tar+gzip` and so on.
[[nodiscard]] std::string layer_media_type(const archive::Compression& compression);

} // namespace pare::build
