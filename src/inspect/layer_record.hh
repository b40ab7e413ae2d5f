// SPDX-License-Identifier: Apache-2.0
// A layer as bytes, to be kept: what reading it once has told.
#pragma once

#include "inspect/layer.hh"
#include "support/bytes.hh"

#include <optional>
#include <string_view>

namespace pare::inspect {

/// The format of records; part of the key that a record is kept under.
inline constexpr std::string_view kLayerRecordVersion = "reading 1";

/// All of the layer: what was asked for when it was read is what is there later.
[[nodiscard]] Bytes write_layer_record(const Layer& layer);
/// Nothing for bytes that are no such record, or not whole any more.
[[nodiscard]] std::optional<Layer> read_layer_record(BytesView record);

} // namespace pare::inspect
