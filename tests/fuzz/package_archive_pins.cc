// SPDX-License-Identifier: Apache-2.0
// A lock of archives that is accepted is written and read back the same.
#include "package/archive_pins.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const std::string_view text(reinterpret_cast<const char*>(data), size);
        const auto pins = pare::package::parse_archive_pins(text, "fuzz");
        const std::string written = pare::package::write_archive_pins(pins);
        if (pare::package::parse_archive_pins(written, "again") != pins) {
            __builtin_trap();
        }
    } catch (const pare::Error&) {
    }
    return 0;
}
