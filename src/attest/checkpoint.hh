// SPDX-License-Identifier: Apache-2.0
// Checkpoints: what a log says, signed, of its tree at one time.
#pragma once

#include "attest/trusted_root.hh"

#include <cstdint>
#include <string>

namespace pare::attest {

struct Checkpoint {
    std::string origin{};
    std::int64_t tree_size = 0;
    Bytes root_hash{};
};

/// The checkpoint, after its signature by the log was checked; throws ErrorKind::refused.
[[nodiscard]] Checkpoint read_checkpoint(std::string_view note, const TransparencyLog& log);

} // namespace pare::attest
