// SPDX-License-Identifier: Apache-2.0
// The table of keys: name, shape, what it means, where its value goes. Reading, the messages about
// unknown keys and the JSON Schema all come from it; adding a key is one line.
#pragma once

#include "definition/draft.hh"
#include "support/yaml.hh"

#include <span>
#include <string_view>

namespace pare::definition {

/// The JSON Schema form of a value.
enum class Shape {
    text,    ///< a string (numbers are taken as they are written)
    texts,   ///< a list of strings
    command, ///< a string that is split into words, or a list of words
    number,  ///< a whole number
    boolean,
    mode,     ///< permissions: 0o755, 0755, 755, or decimal
    text_map, ///< a mapping of strings
    object,   ///< a mapping with the keys of `members`
    objects,  ///< a list of such mappings
    target,   ///< a string, or such a mapping
    hashes,   ///< a string, or a mapping of architectures to strings
    packages, ///< a list of strings or of mappings with the keys of `members`
    overlays, ///< a mapping of names to what differs
    variants, ///< a list of names, or a mapping of names to what differs
};

enum class Need { optional, required };

enum class Scope {
    overlay,    ///< also below `variants` and `distributions`
    definition, ///< only at the top of a definition
};

struct Key;
using Keys = std::span<const Key>;

struct Key {
    std::string_view name{};
    Shape shape = Shape::text;
    std::string_view description{};
    /// Puts the value where it belongs; null for an object that is nothing but its members.
    void (*read)(const yaml::Node& value, Draft& draft) = nullptr;
    Keys (*members)() = nullptr;
    std::span<const std::string_view> (*choices)() = nullptr; ///< the values that it can have
    Need need = Need::optional;
    Scope scope = Scope::overlay;
};

/// The keys of a definition.
[[nodiscard]] Keys definition_keys();
// Those below them, one file each.
[[nodiscard]] Keys contents_keys();
[[nodiscard]] Keys archive_keys();
[[nodiscard]] Keys app_keys();
[[nodiscard]] Keys accounts_keys();
[[nodiscard]] Keys entrypoint_keys();
[[nodiscard]] Keys healthcheck_keys();
[[nodiscard]] Keys path_keys();
[[nodiscard]] Keys certificates_keys();

void read_app(const yaml::Node& node, Draft& draft);
void read_archives(const yaml::Node& node, Draft& draft);
void read_entrypoint(const yaml::Node& node, Draft& draft);
void read_healthcheck(const yaml::Node& node, Draft& draft);
void read_paths(const yaml::Node& node, Draft& draft);

/// What the definition comes from; throws when that was said before.
void set_parent(
    Draft& draft, const std::string& reference, const yaml::Node& node, ParentKind kind);

/// The key of that name, or null.
[[nodiscard]] const Key* find_key(Keys keys, std::string_view name);

/// Reads a mapping with these keys; `section` is what messages call it (`accounts.users`), empty
/// for the whole definition. Throws ErrorKind::definition with the place for an unknown key (naming
/// the nearest), a missing one or a wrong shape.
void read_mapping(const yaml::Node& node, Keys keys, std::string_view section, Draft& draft);

} // namespace pare::definition
