// SPDX-License-Identifier: Apache-2.0
// A certificate, hostile: what is read of it, and checking it against itself.
#include "crypto/certificate.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>

using namespace pare;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView input(reinterpret_cast<const char*>(data), size);
    try {
        const auto certificate = crypto::Certificate::from_der(input, "fuzz");
        static_cast<void>(certificate.names());
        static_cast<void>(certificate.extension("1.3.6.1.4.1.57264.1.1"));
        static_cast<void>(certificate.text_extension("1.3.6.1.4.1.57264.1.8"));
        static_cast<void>(crypto::is_logged(certificate, certificate, {}));
        static_cast<void>(crypto::verify_chain(certificate, {}, {certificate}, 1'700'000'000));
        static_cast<void>(certificate.public_key());
    } catch (const Error&) {
    }
    return 0;
}
