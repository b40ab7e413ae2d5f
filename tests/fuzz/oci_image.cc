// SPDX-License-Identifier: Apache-2.0
// Manifest, configuration and index of an image, all hostile. The first line is one document, the
// rest the other. What is accepted can be written, and is then read back the same.
#include "oci/image.hh"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const pare::BytesView input(reinterpret_cast<const char*>(data), size);
    const std::size_t line = input.find('\n');
    const pare::BytesView first = input.substr(0, line);
    const pare::BytesView rest =
        line == pare::BytesView::npos ? pare::BytesView() : input.substr(line + 1);
    try {
        const auto image = pare::oci::parse_image(first, rest, "fuzz");
        const auto config = pare::oci::write_config(image);
        const auto manifest = pare::oci::write_manifest(image, config.descriptor);
        if (pare::oci::parse_image(manifest.bytes, config.bytes, "again") != image) {
            __builtin_trap();
        }
    } catch (const pare::Error&) {
    }
    try {
        static_cast<void>(pare::oci::parse_index(input, "fuzz"));
    } catch (const pare::Error&) {
    }
    return 0;
}
