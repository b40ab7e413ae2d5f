// SPDX-License-Identifier: Apache-2.0
// Reads the text of a Dockerfile.
#pragma once

#include "dockerfile/document.hh"

#include <string>
#include <string_view>

namespace pare::dockerfile {

/// Takes what BuildKit's parser takes; `name` is what messages call the file. Instructions that do
/// not exist and flags that they do not have pass: instruction.hh knows those. Throws
/// ErrorKind::definition with file, line and column.
[[nodiscard]] Document parse(std::string_view text, const std::string& name);

} // namespace pare::dockerfile
