// SPDX-License-Identifier: Apache-2.0
// Time zone files (TZif, RFC 9636) in their slim form.
#pragma once

#include "support/bytes.hh"

#include <optional>

namespace pare::finish {

/// The same time zone as `zic -b slim` writes it: the block of version 1 is empty, and what the TZ
/// string at the end says is not said by transitions once more. Nothing for a file that is not
/// TZif of version 2 to 4 as the RFC says, or that gets no smaller.
[[nodiscard]] std::optional<Bytes> slim_tzif(BytesView file);

} // namespace pare::finish
