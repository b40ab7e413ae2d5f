// SPDX-License-Identifier: Apache-2.0
// YAML nodes as values of a wanted type; everything else is ErrorKind::definition with the place.
#pragma once

#include "support/yaml.hh"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pare::definition {

/// More do not fit the mount options of the kernels that run containers.
constexpr std::uint64_t kMostLayers = 127;

/// `a mapping`, `a list`, `'text'`, `nothing`: what a node is, in words.
[[nodiscard]] std::string describe(const yaml::Node& node);
[[noreturn]] void wrong_type(const yaml::Node& node, const std::string& wanted);

/// A scalar as it is written: numbers and truth values too.
[[nodiscard]] std::string text_of(const yaml::Node& node);
/// Whether a text has only letters and digits of ASCII and these marks, and at least one of them.
[[nodiscard]] bool is_made_of(std::string_view text, std::string_view marks);
/// Nothing and an empty text mean "not set", as in apko.
[[nodiscard]] std::optional<std::string> given_text_of(const yaml::Node& node);
/// A text of any bytes; nothing is an empty one.
[[nodiscard]] std::string content_of(const yaml::Node& node);
/// The items of a list; nothing is an empty one.
[[nodiscard]] const std::vector<yaml::Node>& items_of(const yaml::Node& node);
[[nodiscard]] std::vector<std::string> texts_of(const yaml::Node& node);
[[nodiscard]] std::map<std::string, std::string> text_map_of(const yaml::Node& node);
/// One of `choices`.
[[nodiscard]] std::string
choice_of(const yaml::Node& node, std::span<const std::string_view> choices);

[[nodiscard]] std::uint64_t number_of(const yaml::Node& node);
[[nodiscard]] std::uint64_t count_of(const yaml::Node& node);  ///< at most 2^31 - 1
[[nodiscard]] std::uint64_t layers_of(const yaml::Node& node); ///< 1 to kMostLayers
[[nodiscard]] std::uint32_t id_of(const yaml::Node& node);     ///< a user or group number
[[nodiscard]] bool boolean_of(const yaml::Node& node);
/// `0o755` and `0755` are octal. A number without a leading 0 is decimal, as in apko (493 is
/// 0o755), unless its digits are permissions that somebody would write, like 755.
[[nodiscard]] std::uint32_t mode_of(const yaml::Node& node);

/// The name of a file or of what files are named after: no path, and not hidden.
[[nodiscard]] std::string file_name_of(const yaml::Node& node);
/// Globs over relative paths; they may be written with a leading '/'.
[[nodiscard]] std::vector<std::string> globs_of(const yaml::Node& node);
/// A path inside the image, absolute.
[[nodiscard]] std::string image_path_of(const yaml::Node& node);
[[nodiscard]] std::optional<std::string> given_image_path_of(const yaml::Node& node);
[[nodiscard]] std::vector<std::string> image_paths_of(const yaml::Node& node);

/// A command line as a list of words, or a text that is split as a shell would.
[[nodiscard]] std::vector<std::string> command_of(const yaml::Node& node);
/// As command_of(), but nothing and an empty text mean "not set".
[[nodiscard]] std::optional<std::vector<std::string>> given_command_of(const yaml::Node& node);
/// `30s`, `1m30s`, `500ms`; stays as it is written.
[[nodiscard]] std::string duration_of(const yaml::Node& node);
/// `8080`, `53/udp`.
[[nodiscard]] std::vector<std::string> ports_of(const yaml::Node& node);
/// The OCI name of an architecture; apk's names are taken too.
[[nodiscard]] std::string architecture_of(const yaml::Node& node);
[[nodiscard]] std::vector<std::string> architectures_of(const yaml::Node& node);
[[nodiscard]] std::map<std::string, std::string> environment_of(const yaml::Node& node);
/// Fields of os-release; apko's old spelling (`pretty-name`) is taken too.
[[nodiscard]] std::map<std::string, std::string> os_release_of(const yaml::Node& node);

/// What architectures_of() takes.
[[nodiscard]] std::span<const std::string_view> architecture_names();

} // namespace pare::definition
