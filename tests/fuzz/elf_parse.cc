// SPDX-License-Identifier: Apache-2.0
// An ELF file may lie about everything.
#include "elf/elf.hh"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const pare::BytesView input(reinterpret_cast<const char*>(data), size);
    try {
        if (pare::elf::parse_elf(input, "fuzz").has_value() != pare::elf::looks_like_elf(input)) {
            __builtin_trap();
        }
    } catch (const pare::Error&) {
    }
    return 0;
}
