// SPDX-License-Identifier: Apache-2.0
// A lock that is accepted is written and read back the same.
#include "package/lock.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const std::string_view text(reinterpret_cast<const char*>(data), size);
        const auto lock = pare::package::parse_lock(text, "fuzz");
        if (pare::package::parse_lock(pare::package::write_lock(lock), "again") != lock) {
            __builtin_trap();
        }
    } catch (const pare::Error&) {
    }
    return 0;
}
