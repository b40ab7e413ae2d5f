// SPDX-License-Identifier: Apache-2.0
// URLs taken apart and put together by libcurl's own parser, so that what is compared here is what
// it will connect to. RFC 3986, section 5; RFC 6454.
#include "net/url.hh"

#include <curl/curl.h>
#include <fmt/core.h>

#include <memory>

namespace pare::net {

namespace {

struct FreeUrl {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

struct FreeText {
    void operator()(char* text) const { curl_free(text); }
};

using Parsed = std::unique_ptr<CURLU, FreeUrl>;

/// Nothing for what is no http or https URL.
Parsed parse(const std::string& url) {
    Parsed parsed(curl_url());
    if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
        return nullptr;
    }
    return parsed;
}

std::string part(const Parsed& url, CURLUPart which, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK) {
        return {};
    }
    const std::unique_ptr<char, FreeText> kept(text);
    return kept.get();
}

std::string lower(std::string text) {
    for (char& c : text) {
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    return text;
}

bool is_http(const Parsed& url) {
    const std::string scheme = lower(part(url, CURLUPART_SCHEME));
    return scheme == "http" || scheme == "https";
}

} // namespace

std::string origin(std::string_view url) {
    const Parsed parsed = parse(std::string(url));
    if (!parsed || !is_http(parsed)) {
        return {};
    }
    return lower(fmt::format(
        "{}://{}:{}", part(parsed, CURLUPART_SCHEME), part(parsed, CURLUPART_HOST),
        part(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT)));
}

std::string host_of(std::string_view url) {
    const Parsed parsed = parse(std::string(url));
    if (!parsed || !is_http(parsed)) {
        return {};
    }
    std::string host = lower(part(parsed, CURLUPART_HOST));
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    return host;
}

std::optional<std::string> resolve(const std::string& base, const std::string& reference) {
    const Parsed parsed = parse(base);
    if (!parsed || reference.empty() ||
        curl_url_set(parsed.get(), CURLUPART_URL, reference.c_str(), 0) != CURLUE_OK ||
        !is_http(parsed)) {
        return std::nullopt;
    }
    return part(parsed, CURLUPART_URL);
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view kPlain = "-._~";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || kPlain.find(c) != std::string_view::npos;
        encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    return encoded;
}

} // namespace pare::net
