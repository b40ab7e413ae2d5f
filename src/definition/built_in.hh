// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "definition/definition.hh"

namespace pare::definition {

/// The definitions of images/, which are compiled into the program.
[[nodiscard]] Library built_in_library();

} // namespace pare::definition
