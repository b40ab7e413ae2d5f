// SPDX-License-Identifier: Apache-2.0
// The Merkle trees of transparency logs (RFC 6962 section 2.1), over SHA-256.
#pragma once

#include "support/bytes.hh"

#include <cstdint>
#include <optional>
#include <vector>

namespace pare::attest {

[[nodiscard]] Bytes leaf_hash(BytesView entry);
[[nodiscard]] Bytes node_hash(BytesView left, BytesView right);

/// The root of the tree of `size` leaves in which `leaf` stands at `index`, by the hashes of an
/// inclusion proof; nothing when a proof has not as many for that place.
[[nodiscard]] std::optional<Bytes>
root_of(std::int64_t index, std::int64_t size, Bytes leaf, const std::vector<Bytes>& hashes);

} // namespace pare::attest
