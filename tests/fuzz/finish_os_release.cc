// SPDX-License-Identifier: Apache-2.0
// What is written from any os-release file reads back as the same.
#include "finish/os_release.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    std::string written;
    try {
        written = pare::finish::write_os_release(text, {{"IMAGE_ID", "a\"$`\\"}});
    } catch (const pare::Error&) {
        return 0;
    }
    if (pare::finish::write_os_release(written, {}) != written) {
        std::abort();
    }
    return 0;
}
