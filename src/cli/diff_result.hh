// SPDX-License-Identifier: Apache-2.0
// What `pare diff` says of two images.
#pragma once

#include "build/image_changes.hh"
#include "support/json.hh"

#include <string>
#include <vector>

namespace pare::cli {

[[nodiscard]] std::string changes_text(const std::vector<build::ImageChanges>& platforms);
[[nodiscard]] json::Value changes_json(
    const std::string& before, const std::string& after,
    const std::vector<build::ImageChanges>& platforms);

} // namespace pare::cli
