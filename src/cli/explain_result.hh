// SPDX-License-Identifier: Apache-2.0
// What `pare explain` says of a path or package.
#pragma once

#include "build/explanation.hh"
#include "support/json.hh"

#include <string>

namespace pare::cli {

[[nodiscard]] std::string
path_text(const build::Inspection& image, const build::PathExplanation& explanation);
[[nodiscard]] std::string
package_text(const build::Inspection& image, const build::PackageExplanation& explanation);

[[nodiscard]] json::Value
path_json(const build::Inspection& image, const build::PathExplanation& explanation);
[[nodiscard]] json::Value
package_json(const build::Inspection& image, const build::PackageExplanation& explanation);

} // namespace pare::cli
