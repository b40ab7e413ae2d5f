// SPDX-License-Identifier: Apache-2.0
// Build info of Go programs, and the modules that it names.
#include "elf/go_build_info.hh"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string file(data, data + size);
    const auto info = pare::elf::find_go_build_info(file);
    if (info &&
        (!info->version.starts_with("go") || file.find(info->modules) == std::string::npos)) {
        std::abort();
    }
    return 0;
}
