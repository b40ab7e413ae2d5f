// SPDX-License-Identifier: Apache-2.0
// A chain as one step, for readers who want to see what it comes to. Of this room only.
#pragma once

#include "definition/definition.hh"

namespace pare::definition {

/// What all steps of the chain come to: lists grow, mappings are merged, single values are
/// replaced.
[[nodiscard]] Step merged(const Chain& chain);

} // namespace pare::definition
