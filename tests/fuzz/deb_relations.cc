// SPDX-License-Identifier: Apache-2.0
// Relations that are accepted are written and read back the same.
#include "deb/control.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const std::string_view text(reinterpret_cast<const char*>(data), size);
        const auto groups = pare::deb::parse_relations(text, "amd64", "fuzz");
        std::string again;
        for (const auto& group : groups) {
            again += (again.empty() ? "" : ", ") + pare::package::to_string(group);
        }
        if (pare::deb::parse_relations(again, "amd64", "again") != groups) {
            __builtin_trap();
        }
    } catch (const pare::Error&) {
    }
    return 0;
}
