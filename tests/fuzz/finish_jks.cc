// SPDX-License-Identifier: Apache-2.0
// Any text is a bundle of certificates or is refused; what is read makes a keystore with lower-case
// ASCII for aliases.
#include "finish/jks.hh"
#include "support/error.hh"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    try {
        const auto certificates = pare::finish::read_certificates(text, "bundle");
        for (const auto& certificate : certificates) {
            const bool is_plain =
                std::all_of(certificate.subject.begin(), certificate.subject.end(), [](char c) {
                    return c >= ' ' && c <= '~' && (c < 'A' || c > 'Z');
                });
            if (!is_plain || text.size() < certificate.der.size()) {
                std::abort();
            }
        }
        if (pare::finish::write_jks(certificates).size() < 32) {
            std::abort();
        }
    } catch (const pare::Error& error) {
        if (error.kind() != pare::ErrorKind::refused || error.where().line == 0) {
            std::abort();
        }
    }
    return 0;
}
