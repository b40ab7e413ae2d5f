// SPDX-License-Identifier: Apache-2.0
// Contents files as the cache keeps them: what contents.hh makes of them.
#pragma once

#include "deb/index_fetch.hh"

namespace pare::deb {

/// The text of index_libraries().
[[nodiscard]] IndexForm libraries_form();

} // namespace pare::deb
