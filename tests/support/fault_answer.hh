// SPDX-License-Identifier: Apache-2.0
// What a misbehaving HTTP server answers: pure functions from a request, a resource and a fault
// to an answer. The sockets are in fault_server.cc.
#pragma once

#include "support/bytes.hh"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pare::test {

/// How the server misbehaves for the paths that a pattern matches.
struct Fault {
    std::string path = "**";         ///< glob as of glob_matches(): `*` stops at '/', `**` does not
    std::optional<unsigned> times{}; ///< so many requests are spoiled; all when not given
    unsigned skip = 0;               ///< so many are let pass before

    unsigned status = 0;       ///< answer with this, 4xx, 5xx or other, instead of the resource
    std::string retry_after{}; ///< with `status`: the header's value, seconds or a date
    unsigned page = 20;        ///< with `status`: so many bytes of a body
    std::optional<std::uint64_t> cut{};    ///< close the connection after so many bytes of the body
    std::optional<std::uint64_t> stall{};  ///< send nothing more after so many bytes of the body
    std::optional<std::uint64_t> length{}; ///< a Content-Length that is not true
    std::optional<std::uint64_t> flip{};   ///< invert the byte at this offset of the resource
    std::string redirect{};                ///< 302, or `status`, to this URL
    std::optional<std::uint64_t> cut_upload{}; ///< close after so many bytes of the request's body
    std::string credentials{};   ///< `user:password`: 401 without them as basic authentication
    std::string content_range{}; ///< answer a range with this Content-Range, true or not
    unsigned delay_ms = 0;       ///< wait before the answer
    bool drop = false;           ///< close the connection instead of an answer
    bool ignore_range = false;   ///< 200 and the whole body
    bool no_tag = false;         ///< send no ETag
    bool chunked = false;        ///< Transfer-Encoding: chunked, without a length
};

/// `PATH-GLOB key=value ...`, as a command line says it. Keys: times skip status retry-after page
/// cut stall length flip redirect auth content-range delay, and the flags drop, ignore-range,
/// no-tag and chunked. Throws ErrorKind::usage.
[[nodiscard]] Fault parse_fault(std::string_view text);

struct SeenRequest {
    std::string method{};
    std::string target{}; ///< as sent: a proxy gets whole URLs
    std::string path{};   ///< decoded, without the query
    Bytes body{};         ///< of the request
    std::vector<std::pair<std::string, std::string>> headers{};
    unsigned connection = 0;     ///< counts from 1: equal ones came over one connection
    unsigned status = 0;         ///< of the answer, 0 when it was dropped
    std::uint64_t body_sent = 0; ///< bytes of the body that were handed to the kernel

    /// The value of a header, any case of its name; empty when missing.
    [[nodiscard]] std::string header(std::string_view name) const;
};

/// The request whose head, up to its empty line, is given. Throws ErrorKind::refused.
[[nodiscard]] SeenRequest parse_request(std::string_view head);

struct Resource {
    Bytes body{};
    std::int64_t modified = 0;
};

struct Answer {
    unsigned status = 200;
    std::vector<std::pair<std::string, std::string>> headers{};
    Bytes body{};
    std::uint64_t length = 0; ///< what Content-Length says

    /// The status line and the headers, with the empty line.
    [[nodiscard]] std::string head() const;
};

/// `resource` is null when there is none.
[[nodiscard]] Answer
make_answer(const SeenRequest& request, const Resource* resource, const Fault& fault);

} // namespace pare::test
