// SPDX-License-Identifier: Apache-2.0
// A zip archive may lie about names, sizes and places; what is read is as long as it says.
#include "archive/zip.hh"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const pare::BytesView input(reinterpret_cast<const char*>(data), size);
    constexpr std::uint64_t kMost = 1U << 20U;
    try {
        const pare::archive::ZipReader zip(input, "fuzz");
        for (const auto& entry : zip.entries()) {
            if (entry.name.starts_with('/') || zip.read_start(entry, 8).size() > 8) {
                __builtin_trap();
            }
            if (zip.read(entry, kMost).size() != entry.size) {
                __builtin_trap();
            }
        }
    } catch (const pare::Error&) {
    }
    return 0;
}
