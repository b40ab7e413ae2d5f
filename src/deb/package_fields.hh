// SPDX-License-Identifier: Apache-2.0
// From a paragraph of a Packages file to a Package.
#pragma once

#include "deb/control.hh"
#include "deb/universe.hh"
#include "package/package.hh"

#include <string_view>

namespace pare::deb {

/// Throws ErrorKind::refused for a paragraph that does not say what the package is, where its file
/// is (inside the archive), how large, and what its SHA-256 is.
[[nodiscard]] package::Package
package_of(const Paragraph& paragraph, const PackagesIndex& index, std::string_view architecture);

} // namespace pare::deb
