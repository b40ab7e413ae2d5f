// SPDX-License-Identifier: Apache-2.0
// Slice files of users.
#include "cut/slices.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>

using namespace pare;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const cut::SliceFile file =
            cut::parse_slices({reinterpret_cast<const char*>(data), size}, "fuzz.yaml");
        ensure(!file.packages.empty() && !file.slices.empty(), "a slice file has both");
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::bug) {
            throw;
        }
    }
    return 0;
}
