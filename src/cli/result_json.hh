// SPDX-License-Identifier: Apache-2.0
// Results as JSON (docs/json.md).
#pragma once

#include "build/build.hh"
#include "support/json.hh"

#include <string_view>

namespace pare::cli {

[[nodiscard]] std::string_view stage_name(Stage stage);
[[nodiscard]] json::Value result_json(const build::Result& result);
[[nodiscard]] json::Value layers_json(const oci::Image& image);
[[nodiscard]] json::Value written_json(const oci::Written& written);
[[nodiscard]] json::Value platform_json(const oci::Platform& platform);

} // namespace pare::cli
