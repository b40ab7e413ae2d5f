// SPDX-License-Identifier: Apache-2.0
// After cutting: whether every program and library finds the libraries that it needs.
#pragma once

#include "build/assemble.hh"

#include <cstddef>

namespace pare::build {

/// Looks at all ELF files of the image's architecture that came by `first_origin` or a later one.
/// Throws ErrorKind::definition naming the file, what it needs, and the slice that has it. A
/// library counts as there when a file or link of that name is anywhere in the image: programs load
/// some of theirs by a path of their own.
void check_libraries(const StepState& state, const StepNode& node, std::size_t first_origin);

} // namespace pare::build
