// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/bytes.hh"

#include <cstddef>
#include <cstdint>

namespace pare::test {

/// Bytes that no codec makes small and that differ everywhere, so that a piece at the wrong place
/// is seen. The same in every run.
inline Bytes noise(std::size_t size) {
    Bytes bytes(size, '\0');
    std::uint32_t state = 12345;
    for (char& byte : bytes) {
        state = state * 1664525 + 1013904223;
        byte = static_cast<char>(state >> 24);
    }
    return bytes;
}

} // namespace pare::test
