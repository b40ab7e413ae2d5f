// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/tar.hh"
#include "tree/entry.hh"

namespace pare::tree {

/// How an entry stands in a layer: numeric owners only, no user or group names.
[[nodiscard]] archive::TarHeader tar_header_of(const Entry& entry);

} // namespace pare::tree
