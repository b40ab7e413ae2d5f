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
    Connection connection{};
    char text[4096] = {};    ///< the message
    char request[4096] = {}; ///< HTTP
};

/// Copies up to kLongestPath bytes; where the copy ends.
[[gnu::noinline]] static char* add(char* to, const char* from) {
    const char* const limit = to + kLongestPath;
    while (*from != '\0' && to != limit) {
        *to++ = *from++;
    }
    return to;
}

static uint32_t tenth(uint32_t number) {
#if defined(__arm__)
    // It has no division.
    return static_cast<uint32_t>(uint64_t{number} * 0xcccccccd >> 35);
#else
    return number / 10;
#endif
}

static char* add_number(char* to, uint32_t number) {
    const uint32_t before = tenth(number);
    if (before != 0) {
        to = add_number(to, before);
    }
    *to = static_cast<char>('0' + number - before * 10);
    return to + 1;
}

static char* add_error(char* to, long error) {
    // Errors of the kernel are numbers of this size.
    const auto number = static_cast<int32_t>(-error);
    // Each behind its number.
    const char* name = "\2no such file\0"
                       "\15permission denied\0"
                       "\150connection reset\0"
                       "\156timed out\0"
                       "\157connection refused\0";
    while (*name != '\0') {
        if (*name++ == number) {
            return add(to, name);
        }
        while (*name++ != '\0') {
        }
    }
    return add_number(add(to, "error "), static_cast<uint32_t>(number));
}

/// Makes a connected socket: 0, or an error.
static long connect(Connection& connection, const SocketAddress& address) {
    constexpr long kStream = 1;
    const long socket = system_call(Call::socket, address.family, kStream, 0);
    connection.socket = static_cast<int32_t>(socket);
    return socket < 0 ? socket : wait(connection, Call::connect, &address, SocketAddress::kSize);
}

/// The status of an answer, or kNone: it is not HTTP/1.
static uint32_t parse_status(const char* at) {
    if (!take(at, "HTTP/1.") || at[1] != ' ') {
        return kNone;
    }
    at += 2;
    const uint32_t status = take_number(at);
    // The reason may be missing, and the space before it.
    return status - 100 < 900 && *at <= ' ' ? status : kNone;
}

static char* check_http(State& state, char* line) {
    Connection& connection = state.connection;
    char* end = add(state.request, "GET ");
    end = add(end, *state.target.path == '\0' ? "/" : state.target.path);
    end = add(end, " HTTP/1.1\r\nHost: ");
    add(end, state.target.authority); // and what is behind it, which goes again
    end += state.target.path - state.target.authority;
    end = add(end, "\r\nUser-Agent: pare-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n");
    // All of it fits the empty buffer of a new connection. A server that closed it may have
    // answered before.
    constexpr long kNoSignal = 0x4000;
    char* const start = state.request;
    system_call(Call::sendto, connection.socket, as_long(start), end - start, kNoSignal, 0, 0);

    constexpr long kSize = sizeof "HTTP/1.1 200 " - 1;
    char* to = start;
    do {
        const long got = wait(connection, Call::read, to, start + kSize - to);
        if (got < 0) {
            return add_error(add(line, "no answer: "), got);
        }
        if (got == 0) {
            return add(line, "closed without an answer");
        }
        to += got;
    } while (to != start + kSize);
    const uint32_t status = parse_status(start);
    if (status == kNone) {
        return add(line, "the answer is not HTTP/1");
    }
    // Programs complain when a connection is reset below their answer, so it is taken for a moment.
    connection.deadline = milliseconds() + 100;
    while (wait(connection, Call::read, start, sizeof state.request) > 0) {
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
    int64_t modified = 0;
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
        return add_error(line, failed);
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
    state.connection.deadline = milliseconds() + state.timeout;
    // The first address of two must not use up the time of the second.
    if (target.is_localhost) {
        state.connection.deadline -= state.timeout / 2;
    }
    long failed = 0;
    while (true) {
        failed = connect(state.connection, target.address);
        if (failed >= 0 || !target.is_localhost) {
            break;
        }
        state.connection.deadline += state.timeout / 2;
        target.is_localhost = false;
        target.address.family = SocketAddress::kIpv4;
        target.address.bytes[2] = 127;
        target.address.bytes[5] = 1;
    }
    if (failed < 0) {
        return add_error(add(line, "cannot connect: "), failed);
    }
    return target.scheme == Scheme::http ? check_http(state, line) : nullptr;
}

} // namespace pare::probe
