// SPDX-License-Identifier: Apache-2.0
// The few system calls that the probe makes. Results are as the kernel gives them: a negative one
// is an error number. Constants are the kernel's, the same on every machine that the probe is built
// for.
#pragma once

#include "probe/machine.hh"
#include "probe/text.hh"

namespace pare::probe {

constexpr long kTryAgain = -11;
constexpr long kIsConnected = -106;
constexpr long kTimedOut = -110;
constexpr long kInProgress = -115;

static long as_long(const volatile void* pointer) {
    return reinterpret_cast<long>(pointer);
}

/// The kernel's timespec: two words of the machine.
struct Time {
    long seconds = 0;
    long nanoseconds = 0;
};

enum class Clock : long { real = 0, monotonic = 1 };

static Time now(Clock clock) {
    Time time;
    system_call(Call::clock_gettime, static_cast<long>(clock), as_long(&time));
    return time;
}

/// Milliseconds modulo 2^32, of which differences are right.
static uint32_t milliseconds() {
    const Time time = now(Clock::monotonic);
    // A division by a million, which not every machine can do.
    return static_cast<uint32_t>(time.seconds) * 1000 +
           static_cast<uint32_t>(static_cast<uint64_t>(time.nanoseconds) * 4295 >> 32);
}

/// The kernel's pollfd.
struct Poll {
    int32_t socket = -1;
    int16_t wanted = 0;
    int16_t found = 0;
};

/// The bit of a socket for wait(): until it can be written to, not read.
constexpr long kToWrite = 1L << 30;

/// Waits until the socket is ready, or broken, which the next call tells. At that time of
/// milliseconds() it gives up.
[[gnu::noinline]] static bool wait(long socket, uint32_t deadline) {
    constexpr int16_t kIn = 1;
    constexpr int16_t kOut = 4;
    Poll poll{
        .socket = static_cast<int32_t>(socket & ~kToWrite),
        .wanted = (socket & kToWrite) != 0 ? kOut : kIn};
    while (true) {
        const auto left = static_cast<int32_t>(deadline - milliseconds());
        if (left <= 0) {
            return false;
        }
        // Units of 1/1024 s, so that it comes back a little early at first.
        Time limit{.seconds = left >> 10, .nanoseconds = long{left & 1023} * 976'562};
        if (system_call(Call::ppoll, as_long(&poll), 1, as_long(&limit)) > 0) {
            return true;
        }
    }
}

} // namespace pare::probe
