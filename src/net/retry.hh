// SPDX-License-Identifier: Apache-2.0
// When to try again, and how long to wait before.
#pragma once

#include "net/client.hh"

#include <chrono>
#include <stop_token>

namespace pare::net {

/// Whether another try may bring another answer: 408, 429, 5xx.
[[nodiscard]] bool may_pass(unsigned status);

/// How long to wait after `attempts` tries: longer each time, at least `least` (Retry-After), at
/// most a minute.
[[nodiscard]] std::chrono::milliseconds backoff(
    unsigned attempts, const Options& options,
    std::chrono::milliseconds least = std::chrono::milliseconds(0));

/// Sleeps; throws ErrorKind::interrupted as soon as a stop is asked for.
void pause(std::chrono::milliseconds time, const std::stop_token& stop);

} // namespace pare::net
