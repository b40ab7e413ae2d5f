// SPDX-License-Identifier: Apache-2.0
// What the tests of this room share.
#pragma once

#include "archive/codec.hh"
#include "archive/tar.hh"
#include "support/deb_builder.hh"
#include "support/files.hh"
#include "support/run_command.hh"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pare::test {

using archive::Codec;
using archive::TarHeader;
using archive::TarType;

/// The error that `work` throws; the test fails when it throws none.
template <typename Work>
Error error_of(Work&& work) {
    try {
        std::forward<Work>(work)();
    } catch (const Error& error) {
        return error;
    }
    FAIL("nothing was thrown");
    return Error(ErrorKind::bug, "nothing was thrown");
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Bytes that no codec makes small, the same in every run.
inline Bytes noise(std::size_t size) {
    Bytes bytes(size, '\0');
    std::uint32_t state = 12345;
    for (char& byte : bytes) {
        state = state * 1664525 + 1013904223;
        byte = static_cast<char>(state >> 24);
    }
    return bytes;
}

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

/// Runs a command line in `directory` and gives its output; the test fails unless it succeeds.
inline std::string shell(const std::string& line, const std::filesystem::path& directory) {
    const CommandResult result = run_command(
        {"sh", "-c", line},
        {.environment = {{"LC_ALL", "C.UTF-8"}, {"TZ", "UTC"}}, .directory = directory});
    REQUIRE_MESSAGE(result.status == 0, line, "\n", result.output);
    return result.output;
}

} // namespace pare::test
