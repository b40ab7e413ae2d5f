// SPDX-License-Identifier: Apache-2.0
// Files of credentials, which other programs write.
#include "registry/credentials.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const pare::BytesView input(reinterpret_cast<const char*>(data), size);
    try {
        static_cast<void>(
            pare::registry::find_in_config(input, "registry.example", "team/app", "fuzz"));
    } catch (const pare::Error& error) {
        if (error.kind() != pare::ErrorKind::refused) {
            throw;
        }
    }
    return 0;
}
