// SPDX-License-Identifier: Apache-2.0
// Provenance that is accepted is written and read back the same.
#include "attest/provenance.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pare::attest;
    try {
        const std::string_view text(reinterpret_cast<const char*>(data), size);
        const Provenance read = parse_provenance(pare::json::parse(text, "fuzz"));
        if (!(parse_provenance(pare::json::Value(provenance_predicate(read))) == read)) {
            __builtin_trap();
        }
    } catch (const pare::Error&) {
        return 0;
    }
    return 0;
}
