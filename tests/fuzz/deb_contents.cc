// SPDX-License-Identifier: Apache-2.0
// Whatever a Contents file holds, every library that is indexed is found again.
#include "deb/contents.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        pare::ViewSource source(std::string_view(reinterpret_cast<const char*>(data), size));
        const pare::Bytes index = pare::deb::index_libraries(source, "fuzz");
        for (const std::string_view line : pare::split(index, '\n')) {
            const std::string_view name = line.substr(0, line.find('\t'));
            if (!name.empty() && pare::deb::find_libraries({index}, name).empty()) {
                __builtin_trap();
            }
        }
    } catch (const pare::Error&) {
    }
    return 0;
}
