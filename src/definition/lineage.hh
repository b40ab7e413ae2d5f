// SPDX-License-Identifier: Apache-2.0
// A definition and those that it comes from.
#pragma once

#include "definition/draft.hh"
#include "definition/reference.hh"

#include <filesystem>
#include <string>
#include <vector>

namespace pare::definition {

/// One definition of a lineage.
struct Ancestor {
    std::string name{};  ///< of its steps: `cc`, or a file's path from the directory of the first
    std::string shown{}; ///< in messages: `cc`, `dir/server.yaml`
    std::string identity{};       ///< by which a loop is recognised
    std::string parent_variant{}; ///< the variant that `from` names; empty: none
    Where parent_where{};
    std::filesystem::path path{}; ///< absolute; empty for built-in ones
    std::string text{};
    Draft draft{};
};

struct Lineage {
    std::vector<Ancestor> ancestors{}; ///< the definition itself first, the root last
    std::string base_image{};          ///< that the root starts from; empty: from nothing
};

/// Throws ErrorKind::definition for what does not exist, loops, and more than 32 definitions.
[[nodiscard]] Lineage load_lineage(const Reference& reference, const Library& library);

} // namespace pare::definition
