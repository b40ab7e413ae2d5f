// SPDX-License-Identifier: Apache-2.0
// Text that others wrote, made fit for JSON, which is UTF-8 and nothing else.
#pragma once

#include <string>
#include <string_view>

namespace pare::sbom {

/// The text with U+FFFD for every byte that is no UTF-8 (Unicode 16, section 3.9, table 3-7).
[[nodiscard]] std::string clean_utf8(std::string_view text);

} // namespace pare::sbom
