// SPDX-License-Identifier: Apache-2.0
// What changelogs say of packages that differ, out of the packages themselves: images come without
// changelogs.
#pragma once

#include "build/image_changes.hh"

#include <filesystem>
#include <vector>

namespace pare::build {

/// Adds to each Debian package that has another version in the second image what its changelog says
/// of that, where one of the directories has the package's file. Says how many were not there.
/// Throws ErrorKind::refused for damaged packages.
void add_changelogs(
    std::vector<ImageChanges>& changes, const std::vector<std::filesystem::path>& directories,
    Events& events);

} // namespace pare::build
