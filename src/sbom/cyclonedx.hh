// SPDX-License-Identifier: Apache-2.0
// CycloneDX 1.6 as JSON.
#pragma once

#include "sbom/document.hh"

namespace pare::sbom {

/// Equal documents give equal bytes.
[[nodiscard]] Written write_cyclonedx(const Document& document);
[[nodiscard]] Written write_cyclonedx(const IndexDocument& document);

} // namespace pare::sbom
