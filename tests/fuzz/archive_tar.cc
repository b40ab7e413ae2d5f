// SPDX-License-Identifier: Apache-2.0
// A tar archive gives as many bytes as its headers say, and a header that was read can be written
// and is then read back the same.
#include "archive/tar.hh"
#include "archive/tar_block.hh"

#include <fmt/core.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace {

using pare::archive::TarHeader;
using pare::archive::TarLimits;
using pare::archive::TarReader;

constexpr TarLimits kLimits{.entries = 1000, .total = 1U << 22, .extended = 1U << 16};

void write_and_read_back(const TarHeader& header) {
    const pare::Bytes written = pare::archive::tar_header(header);
    pare::ViewSource source(written);
    TarReader reader(source, kLimits, "again");
    TarHeader expected = header;
    if (header.type == pare::archive::TarType::directory && !header.name.ends_with('/')) {
        expected.name += '/';
    }
    const TarHeader* read = reader.next();
    if (read == nullptr || *read != expected) {
        __builtin_trap();
    }
}

std::uint64_t count_bytes(pare::Source& content) {
    char buffer[4096];
    std::uint64_t total = 0;
    while (const std::size_t count = content.read(buffer, sizeof buffer)) {
        total += count;
    }
    return total;
}

void read_whole(pare::BytesView input) {
    pare::ViewSource source(input);
    TarReader reader(source, kLimits, "fuzz");
    while (const TarHeader* header = reader.next()) {
        write_and_read_back(*header);
        const bool read_it = header->name.size() % 2 == 0;
        if (read_it && count_bytes(reader.content()) != header->size) {
            __builtin_trap();
        }
    }
}

/// Gives every header its checksum, so that a changed byte is seen by what comes after the check.
pare::Bytes with_checksums(pare::Bytes tar) {
    using pare::archive::TarBlock;
    for (std::size_t at = 0; at + sizeof(TarBlock) <= tar.size(); at += sizeof(TarBlock)) {
        TarBlock block;
        std::memcpy(&block, tar.data() + at, sizeof block);
        if (tar.compare(at + offsetof(TarBlock, magic), 5, "ustar") == 0) {
            const auto sum = pare::archive::checksum_of<unsigned char>(block);
            tar.replace(at + offsetof(TarBlock, checksum), 8, fmt::format("{:06o}{} ", sum, '\0'));
        }
    }
    return tar;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        read_whole(with_checksums(pare::Bytes(reinterpret_cast<const char*>(data), size)));
    } catch (const pare::Error& error) {
        if (error.kind() != pare::ErrorKind::refused) {
            __builtin_trap();
        }
    }
    return 0;
}
