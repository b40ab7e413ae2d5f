// SPDX-License-Identifier: Apache-2.0
// Members of an ar archive lie inside of it, whatever the headers say.
#include "archive/ar.hh"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const pare::BytesView input(reinterpret_cast<const char*>(data), size);
    try {
        for (const auto& member : pare::archive::parse_ar(input, "fuzz")) {
            const bool inside = member.bytes.data() >= input.data() &&
                                member.bytes.data() + member.bytes.size() <= input.data() + size;
            if (!inside) {
                __builtin_trap();
            }
        }
    } catch (const pare::Error&) {
    }
    return 0;
}
