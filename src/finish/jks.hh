// SPDX-License-Identifier: Apache-2.0
// The file format of a Java keystore.
#pragma once

#include "finish/certificates.hh"
#include "support/bytes.hh"

#include <vector>

namespace pare::finish {

/// A keystore of trusted certificates, in their order, with the password `changeit`.
[[nodiscard]] Bytes write_jks(const std::vector<Certificate>& certificates);

} // namespace pare::finish
