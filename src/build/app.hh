// SPDX-License-Identifier: Apache-2.0
// `app` of a definition: the step that `pare wrap` would write for it takes its place.
#pragma once

#include "build/build.hh"

#include <string>

namespace pare::build {

/// The chain for one architecture, with a step for each app in it that brings the program and what
/// it needs, below the step that names it. Asks the repositories.
[[nodiscard]] definition::Chain with_apps(
    const definition::Chain& chain, const std::string& architecture, const Request& request,
    const Tools& tools);

} // namespace pare::build
