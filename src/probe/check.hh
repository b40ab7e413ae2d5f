// SPDX-License-Identifier: Apache-2.0
// The checks themselves. One deadline holds for all that a check does, whatever the other side does
// with single bytes. HTTP is RFC 9112: a GET, and of the answer the status line and no more.
#pragma once

#include "probe/system.hh"
#include "probe/target.hh"

namespace pare::probe {

/// Everything that the probe remembers. It is zero when the program starts.
struct State {
    Target target{};
    Statuses statuses{};
    const char* wanted = nullptr; ///< `statuses` as they are written
    uint32_t timeout = 0;         ///< milliseconds
    char text[4096] = {};         ///< the message
    char request[4096] = {};      ///< HTTP
};

/// Copies up to kLongestPath bytes; where the copy ends.
[[gnu::noinline]] static char* add(char* to, const char* from) {
    const char* const limit = to + kLongestPath;
    while (*from != '\0' && to != limit) {
        *to++ = *from++;
    }
    return to;
}

static char* add_number(char* to, uint32_t number) {
    char digits[11];
    char* first = digits + 10;
    *first = '\0';
    do {
        // A division by ten, which not every machine can do.
        const auto tenth = static_cast<uint32_t>(uint64_t{number} * 0xcccccccd >> 35);
        *--first = static_cast<char>('0' + number - tenth * 10);
        number = tenth;
    } while (number != 0);
    return add(to, first);
}

static char* add_error(char* to, const char* doing, long error) {
    to = add(to, doing);
    // Each behind its number.
    const char* name = "\2no such file\0"
                       "\15permission denied\0"
                       "\150connection reset\0"
                       "\156timed out\0"
                       "\157connection refused\0";
    while (*name != '\0') {
        if (*name++ == -error) {
            return add(to, name);
        }
        while (*name++ != '\0') {
        }
    }
    return add_number(add(to, "error "), static_cast<uint32_t>(-error));
}

/// A connected socket that never blocks, or an error.
[[gnu::noinline]] static long connect_to(const SocketAddress& address, uint32_t deadline) {
    constexpr long kStreamCloseOnExecNonBlocking = 1 | 02000000 | 04000;
    const long socket = system_call(Call::socket, address.family, kStreamCloseOnExecNonBlocking);
    long result = socket;
    while (result >= 0) {
        result = system_call(
            Call::connect, socket, as_long(&address), static_cast<long>(SocketAddress::kSize));
        if (result == 0 || result == kIsConnected) {
            return socket;
        }
        if (result == kTryAgain) {
            // The queue of a unix socket is full, and nothing tells when it no longer is.
            const uint32_t soon = milliseconds() + 20;
            wait(-1, soon);
            result = static_cast<int32_t>(deadline - soon) > 0 ? 0 : kTimedOut;
        } else if (result == kInProgress) {
            // The next call tells how it came out.
            result = wait(socket | kToWrite, deadline) ? 0 : kTimedOut;
        }
    }
    return result;
}

/// As read(), but waits.
static long receive(long socket, char* into, long size, uint32_t deadline) {
    return wait(socket, deadline) ? system_call(Call::read, socket, as_long(into), size)
                                  : kTimedOut;
}

static char* check_http(long socket, State& state, uint32_t deadline, char* line) {
    char* end = add(state.request, "GET ");
    end = add(end, *state.target.path == '\0' ? "/" : state.target.path);
    end = add(end, " HTTP/1.1\r\nHost: ");
    for (const char* from = state.target.authority; from != state.target.path;) {
        *end++ = *from++;
    }
    end = add(end, "\r\nUser-Agent: pare-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n");
    // All of it fits the empty buffer of a new connection. A server that closed it may have
    // answered before.
    constexpr long kNoSignal = 0x4000;
    system_call(Call::sendto, socket, as_long(state.request), end - state.request, kNoSignal);

    constexpr long kSize = sizeof "HTTP/1.1 200 " - 1;
    char* const start = state.request;
    for (char* to = start; to != start + kSize;) {
        const long got = receive(socket, to, start + kSize - to, deadline);
        if (got < 0) {
            return add_error(line, "no answer: ", got);
        }
        if (got == 0) {
            return add(line, "closed without an answer");
        }
        to += got;
    }
    const char* at = start;
    const bool is_http = take(at, "HTTP/1.");
    const bool is_spaced = at[1] == ' ';
    at += 2;
    const uint32_t status = take_number(at);
    // The reason may be missing, and the space before it.
    if (!is_http || !is_spaced || status - 100 > 899 || *at > ' ') {
        return add(line, "the answer is not HTTP/1");
    }
    // Programs complain when a connection is reset below their answer, so it is taken for a moment.
    const uint32_t moment = milliseconds() + 100;
    while (receive(socket, start, sizeof state.request, moment) > 0) {
    }
    if (status >= state.statuses.lowest && status <= state.statuses.highest) {
        return nullptr;
    }
    line = add_number(add(line, "status "), status);
    return add(add(line, ", wanted "), state.wanted);
}

/// The kernel's statx.
struct FileStatus {
    uint8_t before[112];
    int64_t modified;
    uint8_t after[136];
};

static_assert(sizeof(FileStatus) == 256);

static char* check_file(const Target& target, char* line) {
    FileStatus status;
    constexpr long kHere = -100;
    constexpr long kModified = 0x40;
    const long failed = system_call(
        Call::statx, kHere, as_long(target.address.bytes), 0, kModified, as_long(&status));
    if (failed < 0) {
        return add_error(line, "", failed);
    }
    if (target.max_age == 0) {
        return nullptr;
    }
    // To the second. Clocks are set back; but a file from far ahead says nothing.
    const auto age = static_cast<int32_t>(
        static_cast<uint32_t>(now(Clock::real).seconds) - static_cast<uint32_t>(status.modified));
    const auto distance = static_cast<uint32_t>(age < 0 ? -age : age);
    if (uint64_t{distance} * 1000 < uint64_t{target.max_age} + 1000) {
        return nullptr;
    }
    line = add_number(add(line, "last modified "), distance);
    return add(line, age < 0 ? " s in the future" : " s ago");
}

/// Null when all is well; if not, adds to `line` why.
static char* check(State& state, char* line) {
    Target& target = state.target;
    if (target.scheme == Scheme::file) {
        return check_file(target, line);
    }
    uint32_t deadline = milliseconds() + state.timeout;
    // The first address of two must not use up the time of the second.
    long socket =
        connect_to(target.address, target.is_localhost ? deadline - state.timeout / 2 : deadline);
    if (socket < 0 && target.is_localhost) {
        target.address.family = SocketAddress::kIpv4;
        target.address.bytes[2] = 127;
        target.address.bytes[5] = 1;
        socket = connect_to(target.address, deadline);
    }
    if (socket < 0) {
        return add_error(line, "cannot connect: ", socket);
    }
    return target.scheme == Scheme::http ? check_http(socket, state, deadline, line) : nullptr;
}

} // namespace pare::probe
