// SPDX-License-Identifier: Apache-2.0
// The unsigned provenance that came with an image, wherever that is.
#pragma once

#include "attest/image_home.hh"
#include "attest/statement.hh"
#include "inspect/source.hh"

#include <string>

namespace pare::build {

/// Throws ErrorKind::usage when none came with it, and ErrorKind::refused for a statement about
/// something else.
[[nodiscard]] attest::Statement attached_provenance(const inspect::ImageSource& source);
[[nodiscard]] attest::Statement attached_provenance(const attest::ImageHome& home);

/// A statement that says how the image of that digest was made. Throws ErrorKind::refused for any
/// other one.
[[nodiscard]] attest::Statement
parse_provenance_statement(BytesView text, const std::string& name, const std::string& digest);

} // namespace pare::build
