// SPDX-License-Identifier: Apache-2.0
// `RUN --mount=type=cache,target=/root/.cache`.
#pragma once

#include "dockerfile/document.hh"

#include <string>
#include <utility>
#include <vector>

namespace pare::dockerfile {

struct Mount {
    std::string type = "bind";
    std::string from{};   ///< a stage or an image
    std::string source{}; ///< in `from` or in the context
    std::string target{};
    std::string id{};
    std::vector<std::pair<std::string, std::string>> options{}; ///< all others, as they stand
};

/// Reads one value of the flag. Variables stay as they are. Throws ErrorKind::definition.
[[nodiscard]] Mount parse_mount(const Word& flag, const std::string& file);

} // namespace pare::dockerfile
