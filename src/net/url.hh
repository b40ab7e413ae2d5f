// SPDX-License-Identifier: Apache-2.0
// URLs as net/ needs them: told without their secrets, led elsewhere, and read as paths of files.
#pragma once

#include "net/client.hh"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pare::net {

/// The URL as a message may show it: `user:password@` is `***@`, control bytes are escaped.
[[nodiscard]] std::string redacted(std::string_view url);

/// `url` after the rule with the longest `from` that it starts with. A rule ends at a border of
/// the path: `http://a/debian` does not lead `http://a/debian-security` elsewhere.
[[nodiscard]] std::string rewrite(const std::string& url, std::span<const Rewrite> rules);

/// `https://host:port` in lower case, the port always said (RFC 6454); empty for what is no http or
/// https URL.
[[nodiscard]] std::string origin(std::string_view url);

/// The host of such a URL, without brackets around an IPv6 address.
[[nodiscard]] std::string host_of(std::string_view url);

/// A reference (RFC 3986, section 4.1) as a header gives it, seen from `base`; nothing for what is
/// no http or https URL then.
[[nodiscard]] std::optional<std::string>
resolve(const std::string& base, const std::string& reference);

/// The text for the value of a query: everything but letters, digits and `-._~` as %XX.
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// `file:///...` for a directory or file of the host.
[[nodiscard]] std::string file_url(const std::filesystem::path& path);

/// What a `file:` URL names, or nothing for http and https. Throws ErrorKind::definition for any
/// other scheme, and for a `file:` URL of another host or with a NUL.
[[nodiscard]] std::optional<std::filesystem::path> local_path(std::string_view url);

/// `Content-Range: bytes FIRST-LAST/TOTAL` (RFC 9110, section 14.4).
struct ContentRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::optional<std::uint64_t> total{}; ///< nothing for `*`

    bool operator==(const ContentRange&) const = default;
};

/// Nothing for what is no range of bytes, or none that makes sense.
[[nodiscard]] std::optional<ContentRange> parse_content_range(std::string_view text);

/// `404 Not Found`.
[[nodiscard]] std::string status_text(unsigned status);

} // namespace pare::net
