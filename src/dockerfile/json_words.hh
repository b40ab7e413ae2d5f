// SPDX-License-Identifier: Apache-2.0
// The JSON form of instructions: `["a", "b"]`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::dockerfile {

struct JsonWord {
    std::string text{};
    std::string_view part{}; ///< with the quotes, a view of the input
};

/// The strings of the array that `text` is; nothing when it is no JSON array at all, which makes it
/// plain text. Throws ErrorKind::definition for an array with something else than strings.
[[nodiscard]] std::optional<std::vector<JsonWord>> parse_json_words(std::string_view text);

} // namespace pare::dockerfile
