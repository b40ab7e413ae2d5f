// SPDX-License-Identifier: Apache-2.0
// The compressions that layers come in.
#pragma once

#include "archive/codec.hh"

namespace pare::test {

inline constexpr archive::Compression kGzip{.codec = archive::Codec::gzip, .level = 6};
inline constexpr archive::Compression kZstd{.codec = archive::Codec::zstd, .level = 3};
inline constexpr archive::Compression kPlain{.codec = archive::Codec::none, .level = 0};

} // namespace pare::test
