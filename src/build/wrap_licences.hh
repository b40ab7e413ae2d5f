// SPDX-License-Identifier: Apache-2.0
// Which of Debian's common licences (/usr/share/common-licenses) the copyright files of an image's
// packages point to: the others need not be there.
#pragma once

#include "build/build.hh"
#include "package/lock.hh"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pare::build {

/// Names like `GPL-2` to which a copyright file points (Debian policy, section 12.5).
[[nodiscard]] std::set<std::string> licences_in(std::string_view copyright);

/// Slices of base-files, like `gpl-2`, that have the licences to which these packages point.
/// Packages that are not in the store are fetched.
[[nodiscard]] std::set<std::string> licence_slices(
    const std::vector<package::LockedPackage>& packages, const Options& options,
    const Tools& tools);

} // namespace pare::build
