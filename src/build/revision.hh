// SPDX-License-Identifier: Apache-2.0
// Which revision the sources of a build are, as git says it.
#pragma once

#include "attest/provenance.hh"

#include <filesystem>
#include <optional>
#include <vector>

namespace pare::build {

struct WorkTree {
    std::filesystem::path root{};
    attest::Revision revision{};
};

/// The work tree that the directory is in; nothing when it is in none, when nothing was committed
/// yet, or when there is no git. The revision is dirty when a file of it was changed, or when it
/// does not hold one of `files`.
[[nodiscard]] std::optional<WorkTree> work_tree_of(
    const std::filesystem::path& directory, const std::vector<std::filesystem::path>& files);

} // namespace pare::build
