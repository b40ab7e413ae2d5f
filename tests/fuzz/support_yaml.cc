// SPDX-License-Identifier: Apache-2.0
// What is accepted is at most 64 levels deep, and every node of it has a place in the text.
#include "support/yaml.hh"

#include <cstddef>
#include <cstdint>

namespace {

void check(const pare::yaml::Node& node, std::size_t depth) {
    if (depth > 64 || node.where.line == 0 || node.where.column == 0) {
        __builtin_trap();
    }
    for (const auto& item : node.items) {
        check(item, depth + 1);
    }
    for (const auto& [key, value] : node.members) {
        if (node.find(key.text) != &value) {
            __builtin_trap();
        }
        check(key, depth + 1);
        check(value, depth + 1);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        check(pare::yaml::parse({reinterpret_cast<const char*>(data), size}, "fuzz"), 0);
    } catch (const pare::Error& error) {
        if (error.kind() != pare::ErrorKind::definition) {
            __builtin_trap();
        }
    }
    return 0;
}
