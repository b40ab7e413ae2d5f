// SPDX-License-Identifier: Apache-2.0
// URLs come from definitions, indexes and servers: what is shown of them hides passwords and
// control bytes, and only http, https and file are known. The syntax is RFC 3986, section 3
// (`scheme://user:password@host:port/path?query`) and RFC 8089 for `file:`. Nothing here resolves
// `..`: a server, or the kernel, does.
#include "net/url.hh"

#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace pare::net {

namespace {

constexpr std::string_view kSchemeEnd = "://";

std::string lower(std::string_view text) {
    std::string lowered(text);
    std::transform(lowered.begin(), lowered.end(), lowered.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    });
    return lowered;
}

std::string_view without_slashes(std::string_view text) {
    while (text.ends_with('/')) {
        text.remove_suffix(1);
    }
    return text;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char letter = static_cast<char>(c | 0x20);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == '%' && text.size() - i > 2 && hex_value(text[i + 1]) >= 0 &&
                            hex_value(text[i + 2]) >= 0;
        if (escape) {
            decoded.push_back(
                static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])));
            i += 2;
        } else {
            decoded.push_back(text[i]);
        }
    }
    return decoded;
}

/// The rest of `url` behind `rule.from`, when the rule applies.
std::optional<std::string_view> rest_behind(std::string_view url, const Rewrite& rule) {
    const std::string_view from = without_slashes(rule.from);
    if (from.empty() || !url.starts_with(from)) {
        return std::nullopt;
    }
    const std::string_view rest = url.substr(from.size());
    if (!rest.empty() && rest.front() != '/' && rest.front() != '?') {
        return std::nullopt;
    }
    return rest;
}

} // namespace

std::string redacted(std::string_view url) {
    std::string shown;
    const std::size_t scheme_end = url.find(kSchemeEnd);
    if (scheme_end != std::string_view::npos) {
        const std::size_t start = scheme_end + kSchemeEnd.size();
        const std::size_t end = std::min(url.find_first_of("/?#", start), url.size());
        const std::size_t at = url.substr(start, end - start).rfind('@');
        if (at != std::string_view::npos) {
            shown = std::string(url.substr(0, start)) + "***@";
            url.remove_prefix(start + at + 1);
        }
    }
    for (const char c : url) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) {
            shown += fmt::format("%{:02X}", byte);
        } else {
            shown.push_back(c);
        }
    }
    return shown;
}

std::string rewrite(const std::string& url, std::span<const Rewrite> rules) {
    const Rewrite* best = nullptr;
    std::string_view rest;
    for (const Rewrite& rule : rules) {
        const auto behind = rest_behind(url, rule);
        if (behind && (best == nullptr || behind->size() < rest.size())) {
            best = &rule;
            rest = *behind;
        }
    }
    if (best == nullptr) {
        return url;
    }
    if (best->to.empty()) {
        throw Error(
            ErrorKind::usage, fmt::format("the rewrite of {} leads nowhere", redacted(best->from)),
            "write --rewrite FROM=TO, where TO is a URL or a directory");
    }
    const std::string target =
        best->to.find(kSchemeEnd) == std::string::npos ? file_url(best->to) : best->to;
    return std::string(without_slashes(target)).append(rest);
}

std::string file_url(const std::filesystem::path& path) {
    constexpr std::string_view kPlain = "-._~/+:@!$&'()*,;=";
    std::string url = "file://";
    for (const char c : std::filesystem::absolute(path).lexically_normal().string()) {
        const auto byte = static_cast<unsigned char>(c);
        if ((std::isalnum(byte) != 0 && byte < 0x80) || kPlain.find(c) != std::string_view::npos) {
            url.push_back(c);
        } else {
            url += fmt::format("%{:02X}", byte);
        }
    }
    return url;
}

std::optional<std::filesystem::path> local_path(std::string_view url) {
    const std::size_t colon = std::min(url.find(':'), url.size());
    const std::string scheme = lower(url.substr(0, colon));
    if (scheme == "http" || scheme == "https") {
        return std::nullopt;
    }
    if (scheme != "file" || colon == url.size()) {
        throw Error(
            ErrorKind::definition,
            fmt::format("cannot fetch {}: only http, https and file URLs are known", redacted(url)),
            "write the URL as https://HOST/PATH, http://HOST/PATH or file:///PATH");
    }
    std::string_view path = url.substr(colon + 1);
    if (path.starts_with("//")) {
        path.remove_prefix(2);
        const std::string host = lower(path.substr(0, path.find('/')));
        path.remove_prefix(host.size());
        if (!host.empty() && host != "localhost") {
            throw Error(
                ErrorKind::definition,
                fmt::format("cannot fetch {}: the file is on another host", redacted(url)),
                "write file:/// with three slashes and the absolute path");
        }
    }
    std::string decoded = percent_decoded(path.substr(0, path.find_first_of("?#")));
    if (!decoded.starts_with('/') || decoded.find('\0') != std::string::npos) {
        throw Error(
            ErrorKind::definition,
            fmt::format("cannot fetch {}: it names no absolute path", redacted(url)),
            "write file:/// with three slashes and the absolute path");
    }
    return std::filesystem::path(std::move(decoded));
}

std::optional<ContentRange> parse_content_range(std::string_view text) {
    constexpr std::string_view kUnit = "bytes ";
    text = trim(text);
    if (!lower(text.substr(0, kUnit.size())).starts_with(kUnit)) {
        return std::nullopt;
    }
    text = trim(text.substr(kUnit.size()));
    const std::size_t dash = text.find('-');
    const std::size_t slash = text.find('/');
    if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) {
        return std::nullopt;
    }
    const auto first = parse_number(text.substr(0, dash));
    const auto last = parse_number(text.substr(dash + 1, slash - dash - 1));
    const std::string_view total_text = text.substr(slash + 1);
    const auto total = parse_number(total_text);
    if (!first || !last || *first > *last || (!total && total_text != "*") ||
        (total && *last >= *total)) {
        return std::nullopt;
    }
    return ContentRange{*first, *last, total};
}

std::string status_text(unsigned status) {
    constexpr std::array<std::pair<unsigned, const char*>, 25> kReasons = {{
        {301, "Moved Permanently"},
        {302, "Found"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {407, "Proxy Authentication Required"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {416, "Range Not Satisfiable"},
        {418, "I'm a Teapot"},
        {421, "Misdirected Request"},
        {425, "Too Early"},
        {429, "Too Many Requests"},
        {451, "Unavailable For Legal Reasons"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {507, "Insufficient Storage"},
    }};
    const auto* const known =
        std::find_if(kReasons.begin(), kReasons.end(), [status](const auto& reason) {
            return reason.first == status;
        });
    return known == kReasons.end() ? fmt::format("status {}", status)
                                   : fmt::format("{} {}", status, known->second);
}

} // namespace pare::net
