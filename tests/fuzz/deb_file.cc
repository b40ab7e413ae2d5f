// SPDX-License-Identifier: Apache-2.0
// Whatever the bytes, opening a package and reading its data ends well or in an Error.
#include "deb/deb_file.hh"

#include "support/error.hh"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const std::string_view bytes(reinterpret_cast<const char*>(data), size);
        pare::deb::DebFile deb(bytes, "fuzz");
        (void)pare::read_all(*deb.data({.output = 1U << 20}), 1U << 20);
    } catch (const pare::Error&) {
    }
    return 0;
}
