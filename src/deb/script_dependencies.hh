// SPDX-License-Identifier: Apache-2.0
// Dependencies that only maintainer scripts or administration tools need: pare runs no scripts, so
// it leaves them out, and says so.
#pragma once

#include "package/package.hh"

#include <optional>
#include <string>

namespace pare::deb {

/// Why `dependency` of `package` is left out; nothing when it is a real one. A group is left out
/// only when all its alternatives are.
[[nodiscard]] std::optional<std::string>
script_only(const package::Package& package, const package::Alternatives& dependency);

} // namespace pare::deb
