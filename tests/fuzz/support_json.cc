// SPDX-License-Identifier: Apache-2.0
// What is accepted is written to a text that reads back as the same value.
#include "support/json.hh"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace {

std::optional<pare::json::Value> parse(std::string_view text) {
    try {
        return pare::json::parse(text, "fuzz");
    } catch (const pare::Error& error) {
        if (error.kind() != pare::ErrorKind::refused) {
            __builtin_trap();
        }
    }
    return std::nullopt;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using pare::json::Layout;
    const auto value = parse({reinterpret_cast<const char*>(data), size});
    if (value) {
        for (const Layout layout : {Layout::compact, Layout::pretty}) {
            if (parse(pare::json::write(*value, layout)) != value) {
                __builtin_trap();
            }
        }
    }
    return 0;
}
