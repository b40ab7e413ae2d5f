// SPDX-License-Identifier: Apache-2.0
// What the tests of this room share.
#pragma once

#include "archive/codec.hh"
#include "archive/tar.hh"
#include "support/deb_builder.hh"
#include "support/expect.hh"
#include "support/files.hh"
#include "support/noise.hh"
#include "support/shell.hh"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pare::test {

using archive::Codec;
using archive::TarHeader;
using archive::TarType;

inline Bytes unpack(BytesView packed, Codec codec, const archive::Limits& limits = {}) {
    ViewSource source(packed);
    return read_all(*archive::decompress(source, codec, limits, "test"), std::string::npos);
}

/// All entries of a tar archive, with their content.
inline std::vector<TarEntry> read_tar(BytesView tar, const archive::TarLimits& limits = {}) {
    ViewSource source(tar);
    archive::TarReader reader(source, limits, "test.tar");
    std::vector<TarEntry> entries;
    while (const TarHeader* header = reader.next()) {
        entries.push_back({.header = *header, .content = read_all(reader.content(), 1U << 30)});
    }
    return entries;
}

} // namespace pare::test
