// SPDX-License-Identifier: Apache-2.0
// Debian version order (Debian policy 5.6.12; deb-version(7)); dpkg --compare-versions is the
// oracle.
#pragma once

#include "package/package.hh"

#include <string_view>

namespace pare::deb {

/// Negative, zero or positive. Total: texts that are no versions are ordered all the same.
[[nodiscard]] int compare_versions(std::string_view left, std::string_view right);
/// Whether `text` is a version that policy allows.
[[nodiscard]] bool is_version(std::string_view text);
/// Whether `version` meets `op wanted`.
[[nodiscard]] bool
version_matches(std::string_view version, package::Operator op, std::string_view wanted);

} // namespace pare::deb
