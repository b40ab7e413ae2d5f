// SPDX-License-Identifier: Apache-2.0
// The few system calls that the probe makes. Results are as the kernel gives them: a negative one
// is an error number. Constants are the kernel's, the same on every machine that the probe is built
// for.
#pragma once

#include "probe/machine.hh"
#include "probe/text.hh"

namespace pare::probe {

constexpr long kInterrupted = -4;
constexpr long kTryAgain = -11;
constexpr long kTimedOut = -110;
constexpr long kAlready = -114;
constexpr long kInProgress = -115;

static long as_long(const volatile void* pointer) {
    return reinterpret_cast<long>(pointer);
}

/// The kernel's timespec, or its timeval: two words of the machine.
struct Time {
    long seconds = 0;
    long fraction = 0;
};

enum class Clock : long { real = 0, monotonic = 1 };

[[gnu::always_inline]] static inline Time now(Clock clock) {
    Time time;
    system_call(Call::clock_gettime, static_cast<long>(clock), as_long(&time));
    return time;
}

/// Milliseconds modulo 2^32, of which differences are right.
static uint32_t milliseconds() {
    const Time time = now(Clock::monotonic);
    // A division by a million, which not every machine can do.
    return static_cast<uint32_t>(time.seconds) * 1000 +
           static_cast<uint32_t>(static_cast<uint64_t>(time.fraction) * 4295 >> 32);
}

/// A socket, and the time of milliseconds() at which one has waited long enough for it.
struct Connection {
    int32_t socket = 0;
    uint32_t deadline = 0;
};

/// Makes a call that waits for the other side, connect or read, until the deadline.
[[gnu::noinline]] static long
wait(const Connection& connection, Call call, const void* data, long size) {
    while (true) {
        const auto left = static_cast<int32_t>(connection.deadline - milliseconds());
        if (left <= 0) {
            return kTimedOut;
        }
        // In units of 1/1024 s, so that it comes back a little early at first.
        const Time limit{.seconds = left >> 10, .fraction = long{left & 1023} * 976};
        constexpr long kSocketLevel = 1;
        system_call(
            Call::setsockopt, connection.socket, kSocketLevel,
            call == Call::read ? kReceiveTimeout : kSendTimeout, as_long(&limit), sizeof limit);
        const long result = system_call(call, connection.socket, as_long(data), size);
        // These are how a call ends whose time was over, or for which a container was paused. To
        // connect again is to go on with it.
        if (result != kTryAgain && result != kInProgress && result != kAlready &&
            result != kInterrupted) {
            return result;
        }
    }
}

} // namespace pare::probe
