// SPDX-License-Identifier: Apache-2.0
// What the probe can be pointed at. The probe and the reader of definitions share this file, so
// that a definition refuses exactly what its probe would refuse:
//   http://HOST[:PORT][/PATH][?QUERY]    an answer with a good status
//   tcp://HOST:PORT                      something accepts the connection
//   unix:///PATH                         something accepts the connection
//   file:///PATH[?max-age=DURATION]      the file is there, and was modified that lately
// HOST is an IPv4 address, an IPv6 address in brackets, or localhost. Names are refused: looking
// them up takes a resolver, and a health check that leaves the container checks something else.
// The paths of unix and file are taken as they are written; there are no %-escapes.
#pragma once

#include "probe/text.hh"

namespace pare::probe {

/// Where the probe is in an image.
constexpr const char* kProbePath = "/usr/bin/pare-probe";

constexpr uint32_t kLongestPath = 1000;

enum class Scheme : uint8_t { http, tcp, unix_socket, file };

/// The kernel's sockaddr_in, sockaddr_in6 or sockaddr_un; the first two have the port in the same
/// place. The kernel takes more bytes than it needs.
struct SocketAddress {
    static constexpr uint16_t kUnix = 1;
    static constexpr uint16_t kIpv4 = 2;
    static constexpr uint16_t kIpv6 = 10;
    static constexpr uint32_t kSize = 110;

    uint16_t family = 0;
    char bytes[kLongestPath + 2] = {}; ///< the path of a file too
};

struct Target {
    Scheme scheme = Scheme::http;
    bool is_localhost = false;       ///< `address` is ::1; 127.0.0.1 is to be tried too
    uint32_t max_age = 0;            ///< of file, in milliseconds; 0: any
    const char* authority = nullptr; ///< of http: HOST[:PORT], up to `path`
    const char* path = nullptr;      ///< of http, in the URL
    SocketAddress address{};
};

static constexpr uint32_t hex_digit(char c) {
    const auto letter = static_cast<uint32_t>((c | 0x20) - 'a');
    return letter < 6 ? letter + 10 : digit(c) <= 9 ? digit(c) : kNone;
}

/// 127.0.0.1
static constexpr bool take_ipv4(const char*& at, SocketAddress& address) {
    address.family = SocketAddress::kIpv4;
    for (char* to = address.bytes + 2;; ++at) {
        const uint32_t number = take_number(at);
        if (number > 255) {
            return false;
        }
        *to++ = static_cast<char>(number);
        if (to == address.bytes + 6) {
            return true;
        }
        if (*at != '.') {
            return false;
        }
    }
}

/// RFC 4291 section 2.2, forms 1 and 2, and the bracket behind it: `::1]`, `fd00::12:1]`.
static constexpr bool take_ipv6(const char*& at, SocketAddress& address) {
    address.family = SocketAddress::kIpv6;
    char* to = address.bytes + 6;
    char* end = to + 16;
    char* gap = end; // where `::` stands
    if (take(at, "::")) {
        gap = to;
    }
    while (true) {
        if (to == end) {
            return false;
        }
        if (gap == to && *at == ']') {
            break;
        }
        uint32_t group = 0;
        const char* const first = at;
        for (; at != first + 4 && hex_digit(*at) <= 15; ++at) {
            group = group << 4 | hex_digit(*at);
        }
        if (at == first) {
            return false;
        }
        *to++ = static_cast<char>(group >> 8);
        *to++ = static_cast<char>(group);
        if (*at == ']') {
            break;
        }
        if (*at++ != ':') {
            return false;
        }
        if (gap == end && *at == ':') {
            ++at;
            gap = to;
        }
    }
    if ((gap == end) != (to == end)) {
        return false;
    }
    ++at;
    // What stands behind the gap goes to the end.
    while (to != gap) {
        *--end = *--to;
        *to = 0;
    }
    return true;
}

/// HOST[:PORT]
static constexpr bool take_authority(const char*& at, Target& target) {
    SocketAddress& address = target.address;
    target.authority = at;
    if (take(at, "localhost")) {
        target.is_localhost = true;
        address.family = SocketAddress::kIpv6;
        address.bytes[21] = 1;
    } else if (*at == '[') {
        if (!take_ipv6(++at, address)) {
            return false;
        }
    } else if (!take_ipv4(at, address)) {
        return false;
    }
    uint32_t port = target.scheme == Scheme::http ? 80 : 0;
    const char* behind = at;
    if (*behind == ':') {
        port = take_number(++behind);
    }
    if (port - 1 >= 65535) {
        return false;
    }
    at = behind;
    address.bytes[0] = static_cast<char>(port >> 8);
    address.bytes[1] = static_cast<char>(port);
    return true;
}

/// /PATH, with what stands behind it; null, or where it stops making sense.
static constexpr const char* take_path(const char* at, Target& target) {
    const bool is_http = target.scheme == Scheme::http;
    const uint32_t longest = target.scheme == Scheme::unix_socket ? 107 : kLongestPath;
    if (*at != '/') {
        return at;
    }
    for (uint32_t size = 0; *at != '\0'; ++at) {
        if (target.scheme == Scheme::file && *at == '?') {
            target.max_age = take(at, "?max-age=") ? parse_milliseconds(at) : 0;
            return target.max_age == 0 ? at : nullptr;
        }
        const bool is_control = static_cast<unsigned char>(*at) < ' ';
        if (is_control || size == longest || (is_http && (*at == ' ' || *at == '#'))) {
            return at;
        }
        if (!is_http) {
            target.address.bytes[size] = *at;
        }
        ++size;
    }
    return nullptr;
}

/// Reads a URL into an empty target, which points into it. Null, or where it stops making sense.
static constexpr const char* parse_target(const char* url, Target& target) {
    target.address.family = SocketAddress::kUnix;
    if (take(url, "unix://")) {
        target.scheme = Scheme::unix_socket;
    } else if (take(url, "file://")) {
        target.scheme = Scheme::file;
    } else {
        const bool is_tcp = take(url, "tcp://");
        if (!(is_tcp || take(url, "http://"))) {
            return url;
        }
        target.scheme = is_tcp ? Scheme::tcp : Scheme::http;
        if (!take_authority(url, target)) {
            return url;
        }
        target.path = url;
        if (is_tcp || *url == '\0') {
            return *url == '\0' ? nullptr : url;
        }
    }
    return take_path(url, target);
}

} // namespace pare::probe
