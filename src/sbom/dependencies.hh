// SPDX-License-Identifier: Apache-2.0
// Which packages of an image need which others, from the names that they give.
#pragma once

#include "sbom/document.hh"

#include <vector>

namespace pare::sbom {

/// Fills Package::depends: of each need the first alternative that is there, by name or by what it
/// provides. A need that nothing in the image meets is left out.
void link_packages(std::vector<Package>& packages);

} // namespace pare::sbom
