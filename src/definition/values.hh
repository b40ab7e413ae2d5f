// SPDX-License-Identifier: Apache-2.0
// YAML nodes as values of a wanted type; everything else is ErrorKind::definition with the place.
#pragma once

#include "support/yaml.hh"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pare::definition {

/// "a mapping", "a list", "a text", "nothing": what a node is, in words.
[[nodiscard]] std::string describe(const yaml::Node& node);
[[noreturn]] void wrong_type(const yaml::Node& node, const std::string& wanted);

[[nodiscard]] std::string text_of(const yaml::Node& node);
[[nodiscard]] std::vector<std::string> texts_of(const yaml::Node& node);
[[nodiscard]] std::uint64_t number_of(const yaml::Node& node);
[[nodiscard]] std::uint32_t id_of(const yaml::Node& node); ///< a user or group number
[[nodiscard]] bool boolean_of(const yaml::Node& node);
/// `0o755`, `0755` (octal) or `755` (taken as octal too: nobody means the decimal number).
[[nodiscard]] std::uint32_t mode_of(const yaml::Node& node);
[[nodiscard]] std::map<std::string, std::string> text_map_of(const yaml::Node& node);
/// A command line as a list of words, or a text that is split as a shell would.
[[nodiscard]] std::vector<std::string> command_of(const yaml::Node& node);
/// The items of a list.
[[nodiscard]] const std::vector<yaml::Node>& items_of(const yaml::Node& node);

} // namespace pare::definition
