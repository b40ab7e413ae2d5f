// SPDX-License-Identifier: Apache-2.0
// Base64 (RFC 4648, section 4), as basic authentication and docker's files have it.
#pragma once

#include "support/bytes.hh"

#include <optional>

namespace pare::registry {

[[nodiscard]] std::string encode_base64(BytesView bytes);
/// Nothing for text that is not base64 in whole groups of four, padding at its end.
[[nodiscard]] std::optional<Bytes> decode_base64(std::string_view text);

} // namespace pare::registry
