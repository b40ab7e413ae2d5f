// SPDX-License-Identifier: Apache-2.0
// Images that were built and have not gone anywhere yet.
#pragma once

#include "build/build.hh"
#include "build/pipeline.hh"
#include "oci/artifact.hh"
#include "oci/output.hh"

#include <vector>

namespace pare::build {

struct Made {
    Result result{};                            ///< without the time of writing them
    std::vector<oci::TaggedImage> tagged{};     ///< their layers are in the store
    std::vector<oci::Attachment> attachments{}; ///< what goes beside them
};

/// All but writing: `options.output` and its format do not matter.
[[nodiscard]] Made make(const Options& options, const Tools& tools);
/// All of that which comes after the plan.
[[nodiscard]] Made
make_planned(const Plan& plan, const Options& options, const Tools& tools, StageClock& clock);
/// Writes them where the options say.
void write(const Made& made, const Options& options, const Tools& tools);

} // namespace pare::build
