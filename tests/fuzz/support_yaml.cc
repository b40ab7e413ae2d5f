// SPDX-License-Identifier: Apache-2.0
#include "support/yaml.hh"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        (void)pare::yaml::parse({reinterpret_cast<const char*>(data), size}, "fuzz");
    } catch (const pare::Error& error) {
        pare::ensure(error.kind() != pare::ErrorKind::bug, error.what());
    }
    return 0;
}
