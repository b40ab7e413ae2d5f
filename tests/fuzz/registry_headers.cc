// SPDX-License-Identifier: Apache-2.0
// Headers that a registry chooses.
#include "registry/headers.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    for (const auto& challenge : pare::registry::parse_challenges(input)) {
        pare::ensure(!challenge.scheme.empty(), "a challenge has a scheme");
        pare::ensure(challenge.parameters.size() <= 64, "parameters have a limit");
    }
    pare::ensure(pare::registry::next_link(input).size() <= size, "a link is a part of its header");
    static_cast<void>(pare::registry::parse_upload_range(input));
    static_cast<void>(pare::registry::media_type_of(input));
    return 0;
}
