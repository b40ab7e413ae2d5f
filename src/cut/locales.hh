// SPDX-License-Identifier: Apache-2.0
// Single locales of a package that holds all of them.
#pragma once

#include "cut/cut.hh"

#include <string>

namespace pare::cut {

/// The same selection with paths instead of locales: `include` has the files of the named ones
/// (`de_DE.UTF-8`), and those that links of theirs lead to. `name` is what messages call the
/// package. Throws ErrorKind::definition for a locale that it does not have, naming near ones.
[[nodiscard]] Selection
settle_locales(BytesView deb, const Selection& selection, const std::string& name);

} // namespace pare::cut
