// SPDX-License-Identifier: Apache-2.0
// One definition file as it was read, before its overlays are chosen and its parent is found.
#pragma once

#include "definition/definition.hh"
#include "support/yaml.hh"

#include <optional>
#include <string>
#include <vector>

namespace pare::definition {

/// What `from` may name.
enum class ParentKind {
    any,  ///< a built-in definition, a file or an image
    file, ///< a file, whatever its name looks like (apko's `include`)
};

struct Parent {
    std::string reference{};
    Where where{};
    ParentKind kind = ParentKind::any;
};

/// An entry of `variants` or `distributions`: a name, and what it changes. The node is a mapping,
/// or null when it changes nothing.
struct Overlay {
    std::string name{};
    Where where{};
    yaml::Node node{};
};

enum class VariantForm {
    none,    ///< `variants` is not written
    names,   ///< a list
    mapping, ///< names, and what each changes
};

struct Draft {
    Step step{};
    std::optional<Parent> parent{};
    std::vector<std::string> archs{};
    VariantForm variant_form = VariantForm::none;
    std::vector<Overlay> variants{};
    std::vector<Overlay> distributions{};
};

/// Reads the text of a definition, and checks all its overlays. `name` is what messages call it;
/// `directory` is where its relative paths start.
[[nodiscard]] Draft read_draft(
    const std::string& text, const std::string& name, const std::filesystem::path& directory);

/// Reads an overlay on top of `base`: lists grow, mappings are merged, single values are replaced.
[[nodiscard]] Draft read_overlay(const Overlay& overlay, const Draft& base);

} // namespace pare::definition
