// SPDX-License-Identifier: Apache-2.0
// Whatever a file holds: a slim zone is smaller, begins with an empty block, and cannot be made
// slim once more.
#include "finish/tzif.hh"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t kEmptyBlock = 51;
    const std::string file(data, data + size);
    const auto slim = pare::finish::slim_tzif(file);
    const bool sound =
        !slim || (slim->size() < file.size() && slim->find("TZif", 1) == kEmptyBlock &&
                  !pare::finish::slim_tzif(*slim));
    if (!sound) {
        std::abort();
    }
    return 0;
}
