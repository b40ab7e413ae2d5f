// SPDX-License-Identifier: Apache-2.0
// Changelogs of Debian packages (deb-changelog(5)).
#pragma once

#include "support/bytes.hh"

#include <string>
#include <string_view>

namespace pare::deb {

/// The entries of a changelog, newest first, down to the one that is no newer than `version`;
/// without white space at the end. Empty when the newest one is not newer.
[[nodiscard]] std::string entries_after(BytesView changelog, std::string_view version);

} // namespace pare::deb
