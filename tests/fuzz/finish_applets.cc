// SPDX-License-Identifier: Apache-2.0
// Whatever a binary holds, the applets found in it are sorted names without a slash.
#include "finish/busybox.hh"
#include "support/error.hh"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    try {
        const auto applets = pare::finish::busybox_applets(bytes);
        const bool sound = std::is_sorted(applets.begin(), applets.end()) &&
                           std::none_of(applets.begin(), applets.end(), [](const auto& name) {
                               return name.empty() || name.find('/') != std::string::npos;
                           });
        if (!sound) {
            std::abort();
        }
    } catch (const pare::Error&) {
    }
    return 0;
}
