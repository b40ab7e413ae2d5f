// SPDX-License-Identifier: Apache-2.0
// The images of a plan, with the documents about them; shared by `build` and `sbom`.
#pragma once

#include "build/cutting.hh"
#include "build/pipeline.hh"

#include <vector>

namespace pare::build {

/// The images of all targets, in their order; those that the store has, with all documents that
/// were asked for, are not made again.
[[nodiscard]] std::vector<BuiltImage> make_images(
    const Plan& plan, const Options& options, const Tools& tools, Cutting& cutting,
    StageClock& clock);

} // namespace pare::build
