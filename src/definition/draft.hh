// SPDX-License-Identifier: Apache-2.0
// One definition file as it was read, before its overlays are chosen and its parent is found.
#pragma once

#include "definition/definition.hh"
#include "support/yaml.hh"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pare::definition {

struct Draft {
    Step step{};
    std::string from{};
    Where from_where{};
    std::vector<std::string> archs{};
    std::vector<std::string> variant_names{}; ///< list form, or the keys of the mapping form
    std::vector<std::pair<std::string, yaml::Node>> variants{};      ///< mapping form: overlays
    std::vector<std::pair<std::string, yaml::Node>> standard{};      ///< overlays of the list form
    std::vector<std::pair<std::string, yaml::Node>> distributions{}; ///< overlays
};

/// Reads the text of a definition. `name` is what messages call it.
[[nodiscard]] Draft read_draft(
    const std::string& text, const std::string& name, const std::filesystem::path& directory);

/// Reads an overlay: a mapping with the keys of a definition, into a copy of `base`.
[[nodiscard]] Draft read_overlay(const yaml::Node& node, const Draft& base);

} // namespace pare::definition
