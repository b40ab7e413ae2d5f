// SPDX-License-Identifier: Apache-2.0
#include "net/retry.hh"

#include "support/error.hh"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace pare::net {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestDelay{60'000};

} // namespace

bool may_pass(unsigned status) {
    return status == 408 || status == 429 || status >= 500;
}

milliseconds backoff(unsigned attempts, const Options& options, milliseconds least) {
    const unsigned doublings = std::min(std::max(1U, attempts) - 1, 16U);
    const milliseconds grown{std::uint64_t{options.first_backoff_ms} << doublings};
    return std::min(std::max(grown, least), kLongestDelay);
}

void pause(milliseconds time, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, time, [] { return false; });
    if (stop.stop_requested()) {
        throw Error(ErrorKind::interrupted, "interrupted");
    }
}

} // namespace pare::net
