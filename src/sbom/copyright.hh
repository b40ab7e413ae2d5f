// SPDX-License-Identifier: Apache-2.0
// What /usr/share/doc/PACKAGE/copyright says of licences.
#pragma once

#include "sbom/licence.hh"

#include <string_view>

namespace pare::sbom {

/// Of a machine-readable file all licences that it names, together, and the holders of the
/// copyright; of any other the file itself as one text. Never throws: what cannot be read as the
/// one is the other.
[[nodiscard]] Licences read_copyright(std::string_view text);

} // namespace pare::sbom
