// SPDX-License-Identifier: Apache-2.0
// What `pare wrap` cannot decide, and tells: libraries that a program may load, ports that its user
// may not open, and the package that a program is of.
#pragma once

#include "build/wrap_files.hh"
#include "build/wrap_packages.hh"

#include <string>
#include <vector>

namespace pare::build {

/// Sentences, each with what to do. `packages` is null for what needs no library.
[[nodiscard]] std::vector<std::string> notes_of(
    const WrapRequest& request, const WrapFiles& files, const WrapPlan& plan,
    const WrapPackages* packages);

} // namespace pare::build
