// SPDX-License-Identifier: Apache-2.0
// The inside of one instruction: flags, and words as its keyword wants them.
#pragma once

#include "dockerfile/document.hh"
#include "dockerfile/line.hh"

#include <string_view>

namespace pare::dockerfile {

/// The instruction that stands on `line`; `escape` is the escape character. Throws
/// ErrorKind::definition, with the position in `Error::where()` but not the file.
[[nodiscard]] Instruction parse_instruction(const LogicalLine& line, char escape);

} // namespace pare::dockerfile
