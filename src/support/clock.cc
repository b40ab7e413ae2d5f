// SPDX-License-Identifier: Apache-2.0
#include "support/clock.hh"

#include <chrono>

namespace pare {

std::int64_t SystemClock::now() const {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(since).count();
}

} // namespace pare
