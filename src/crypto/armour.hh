// SPDX-License-Identifier: Apache-2.0
// OpenPGP's ASCII armour.
#pragma once

#include "support/bytes.hh"

#include <string>
#include <string_view>

namespace pare::crypto {

/// The bytes of all armoured blocks of that kind (`PGP SIGNATURE`), with nothing but white space
/// around them; data that is not armoured comes back as it is. Throws ErrorKind::refused.
[[nodiscard]] Bytes dearmour(BytesView text, std::string_view kind, const std::string& name);

} // namespace pare::crypto
