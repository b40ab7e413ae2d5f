// SPDX-License-Identifier: Apache-2.0
// A jar, and each of the parts that are read of it, may hold anything.
#include "wrap/jar.hh"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const pare::BytesView input(reinterpret_cast<const char*>(data), size);
    static_cast<void>(pare::wrap::parse_jar_manifest(input));
    static_cast<void>(pare::wrap::main_class_of_script(input));
    static_cast<void>(pare::wrap::parse_jdk_release(input));
    static_cast<void>(pare::wrap::parse_module_names(input));
    const auto version = pare::wrap::read_class_version(input);
    if (version && version->java == 0) {
        __builtin_trap();
    }
    try {
        const pare::wrap::Jar jar = pare::wrap::read_jar(input, "fuzz", "amd64");
        if (jar.version.java != 0 && jar.newest.empty()) {
            __builtin_trap();
        }
    } catch (const pare::Error&) {
    }
    return 0;
}
