// SPDX-License-Identifier: Apache-2.0
// SPDX 2.3 as JSON.
#pragma once

#include "sbom/document.hh"

namespace pare::sbom {

/// Equal documents give equal bytes.
[[nodiscard]] Written write_spdx(const Document& document);
[[nodiscard]] Written write_spdx(const IndexDocument& document);

} // namespace pare::sbom
