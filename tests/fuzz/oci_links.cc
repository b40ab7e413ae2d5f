// SPDX-License-Identifier: Apache-2.0
// Manifests and indexes of any kind, all hostile, read for what they point to.
#include "oci/graph.hh"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const pare::BytesView input(reinterpret_cast<const char*>(data), size);
    for (const char* type : {pare::oci::kManifestType, pare::oci::kIndexType}) {
        try {
            const pare::oci::Links links = pare::oci::parse_links(input, type, "fuzz");
            if (links.blobs.empty() && type == pare::oci::kManifestType) {
                __builtin_trap();
            }
        } catch (const pare::Error&) {
        }
    }
    return 0;
}
