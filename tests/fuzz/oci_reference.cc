// SPDX-License-Identifier: Apache-2.0
// References from definitions and command lines: what is accepted is read back the same from its
// full form, and is safe in a URL.
#include "oci/reference.hh"
#include "support/bytes.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>

using namespace pare;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView input(reinterpret_cast<const char*>(data), size);
    try {
        const oci::ImageReference reference = oci::parse_image_reference(input);
        ensure(
            oci::parse_image_reference(oci::to_string(reference)) == reference,
            "a reference is read back as it was");
        if (reference.transport == oci::Transport::registry) {
            const std::string path = reference.host + reference.repository + reference.tag;
            ensure(
                path.find_first_of("?#%@ \t\r\n\\") == std::string::npos &&
                    path.find("..") == std::string::npos,
                "a repository is plain in a URL");
        }
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::bug) {
            throw;
        }
    }
    try {
        static_cast<void>(oci::parse_registry_host(input));
    } catch (const Error&) {
    }
    return 0;
}
