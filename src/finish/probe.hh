// SPDX-License-Identifier: Apache-2.0
// The health-check probes (src/probe/), which are built with pare and are part of it.
#pragma once

#include "support/bytes.hh"

#include <string_view>

namespace pare::finish {

/// The program for a Debian architecture; empty when there is none.
[[nodiscard]] BytesView built_in_probe(std::string_view architecture);

} // namespace pare::finish
