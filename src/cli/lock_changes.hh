// SPDX-License-Identifier: Apache-2.0
// What differs between two locks, for people who review one.
#pragma once

#include "package/lock.hh"

#include <string>
#include <vector>

namespace pare::cli {

struct LockChange {
    std::string architecture{};
    std::string package{};
    std::string old_version{}; ///< empty: the package is new
    std::string new_version{}; ///< empty: it has gone

    bool operator==(const LockChange&) const = default;
};

/// By architecture, then by name.
[[nodiscard]] std::vector<LockChange>
find_changes(const package::Lock& before, const package::Lock& after);
/// One line a change; changes that are the same for all architectures are told once.
[[nodiscard]] std::string render_changes(const std::vector<LockChange>& changes);

} // namespace pare::cli
