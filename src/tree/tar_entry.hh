// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/tar.hh"
#include "tree/entry.hh"

#include <optional>

namespace pare::tree {

/// How an entry stands in a layer: numeric owners only, no user or group names.
[[nodiscard]] archive::TarHeader tar_header_of(const Entry& entry);

/// What an entry of that type is in an image; nothing for device nodes and fifos.
[[nodiscard]] std::optional<EntryType> entry_type_of(archive::TarType type);

} // namespace pare::tree
