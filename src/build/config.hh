// SPDX-License-Identifier: Apache-2.0
// What the steps of a chain say about how the image runs, merged into one configuration.
#pragma once

#include "build/plan.hh"
#include "oci/image.hh"

#include <map>
#include <string>
#include <vector>

namespace pare::build {

/// Later steps win; the environment, volumes and ports add up. `run-as` by name becomes the number.
[[nodiscard]] oci::RunConfig run_config(const std::vector<const StepNode*>& path);

/// Annotations of all steps, later ones win.
[[nodiscard]] std::map<std::string, std::string>
annotations(const std::vector<const StepNode*>& path);

/// `arm/v7` -> linux, arm, v7; `arm64` -> linux, arm64, v8, as Docker and Debian name it.
[[nodiscard]] oci::Platform platform_of(const std::string& architecture);

} // namespace pare::build
