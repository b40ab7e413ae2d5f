// SPDX-License-Identifier: Apache-2.0
// The table of keys: name, shape, what it means, how it is read. Reading, the messages about
// unknown keys and the JSON Schema all come from it; adding a key is one line.
#pragma once

#include "definition/draft.hh"
#include "support/yaml.hh"

#include <span>
#include <string_view>

namespace pare::definition {

/// The JSON Schema form of a value.
enum class Shape {
    text,   ///< a string (numbers are taken as they are written)
    texts,  ///< a list of strings
    number, ///< a whole number
    boolean,
    mode,     ///< file permissions: 0o755, 0755 or 755
    text_map, ///< a mapping of strings
    object,   ///< a mapping with the keys of `members`
    objects,  ///< a list of such mappings
    packages, ///< a list of strings or of mappings with the keys of `members`
    overlays, ///< a mapping of names to definitions
    variants, ///< a list of names, or a mapping of names to definitions
    any,      ///< accepted for apko's sake, not used
};

struct Key {
    std::string_view name{};
    Shape shape = Shape::text;
    std::string_view description{};
    std::span<const Key> members{};
    void (*read)(const yaml::Node& value, Draft& draft) =
        nullptr; ///< null: members are read instead
};

/// The keys of a definition.
[[nodiscard]] std::span<const Key> definition_keys();

/// Reads a mapping with these keys; throws ErrorKind::definition with the place for an unknown key
/// (naming the nearest) or a wrong shape.
void read_mapping(const yaml::Node& node, std::span<const Key> keys, Draft& draft);

} // namespace pare::definition
