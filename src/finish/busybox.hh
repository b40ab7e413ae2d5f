// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/bytes.hh"

#include <string>
#include <vector>

namespace pare::finish {

/// The names of the applets that a busybox binary of any architecture holds, sorted; empty when it
/// has no table of them.
[[nodiscard]] std::vector<std::string> busybox_applets(BytesView binary);

} // namespace pare::finish
