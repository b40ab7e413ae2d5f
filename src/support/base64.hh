// SPDX-License-Identifier: Apache-2.0
// Base64 (RFC 4648 section 4): whole groups of four, padding at the end, no line ends.
#pragma once

#include "support/bytes.hh"

#include <optional>
#include <string>
#include <string_view>

namespace pare {

/// With padding, in one line.
[[nodiscard]] std::string to_base64(BytesView bytes);
/// Nothing for text that is not base64 and nothing else.
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text);
/// Likewise, and the URL-safe alphabet (section 5) counts too.
[[nodiscard]] std::optional<Bytes> from_any_base64(std::string text);

} // namespace pare
