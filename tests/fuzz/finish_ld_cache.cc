// SPDX-License-Identifier: Apache-2.0
// Any bytes are an ld.so.cache, or refused; what is read can be written, and is then read the same.
#include "finish/ld_cache.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const pare::BytesView input(reinterpret_cast<const char*>(data), size);
    try {
        const auto entries = pare::finish::parse_ld_cache(input);
        const auto written = pare::finish::write_ld_cache(entries, pare::Endian::little, "fuzz");
        if (pare::finish::parse_ld_cache(written).size() != entries.size()) {
            std::abort();
        }
    } catch (const pare::Error& error) {
        if (error.kind() != pare::ErrorKind::refused) {
            std::abort();
        }
    }
    return 0;
}
