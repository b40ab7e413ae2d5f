// SPDX-License-Identifier: Apache-2.0
// A manifest that may be an artifact's. What is accepted is written and read back the same.
#include "oci/artifact.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const pare::BytesView input(reinterpret_cast<const char*>(data), size);
        const auto artifact = pare::oci::parse_artifact(input, "fuzz");
        const auto written = pare::oci::write_artifact(artifact);
        if (pare::oci::parse_artifact(written.bytes, "again") != artifact) {
            __builtin_trap();
        }
    } catch (const pare::Error&) {
    }
    return 0;
}
