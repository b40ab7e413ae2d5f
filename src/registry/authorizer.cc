// SPDX-License-Identifier: Apache-2.0
// Token authentication as registries do it (distribution, "Token Authentication Specification" and
// "OAuth2 Token Authentication"; RFC 6750): a 401 names a realm, a service and a scope, the realm
// gives a token for them. Basic authentication where that is asked for. Tokens are kept by what
// they are for and renewed before they end. Refused: a realm that would hear the password without
// encryption, a realm in a private network that a public registry names, tokens over 64 KiB or with
// more than printable characters in them.
#include "registry/authorizer.hh"

#include "net/url.hh"
#include "support/base64.hh"
#include "support/json.hh"
#include "support/text.hh"

#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pare::registry {

namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr std::size_t kMaxToken = 65'536;
constexpr std::uint64_t kMaxTokenAnswer = 262'144;
constexpr seconds kDefaultLife{60};
constexpr seconds kLongestLife{3600};
/// A token is renewed so long before its end.
constexpr seconds kMargin{10};

/// Whether the host is an address in a private or link-local network (RFC 1918, 3927, 4193, 4291).
bool is_private_address(const std::string& host) {
    in_addr v4{};
    if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) {
        const std::uint32_t address = ntohl(v4.s_addr);
        const std::uint32_t first = address >> 24;
        return first == 10 || first == 127 || first == 0 || address >> 20 == 0xac1 ||
               address >> 16 == 0xc0a8 || address >> 16 == 0xa9fe;
    }
    in6_addr v6{};
    if (::inet_pton(AF_INET6, host.c_str(), &v6) == 1) {
        const unsigned char first = v6.s6_addr[0];
        return IN6_IS_ADDR_LOOPBACK(&v6) || (first & 0xfe) == 0xfc ||
               (first == 0xfe && (v6.s6_addr[1] & 0xc0) == 0x80);
    }
    return false;
}

bool is_clean_token(const std::string& token) {
    return !token.empty() && token.size() <= kMaxToken &&
           std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

std::string optional_text(const json::Value& answer, std::string_view key) {
    const json::Value* value = answer.as_object().find(key);
    return value == nullptr || value->string() == nullptr ? std::string() : *value->string();
}

/// `a=b&c=d`.
std::string form(const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string text;
    for (const auto& [key, value] : fields) {
        text += fmt::format(
            "{}{}={}", text.empty() ? "" : "&", net::percent_encoded(key),
            net::percent_encoded(value));
    }
    return text;
}

} // namespace

bool is_loopback(const std::string& host) {
    in_addr v4{};
    in6_addr v6{};
    return host == "localhost" ||
           (::inet_pton(AF_INET, host.c_str(), &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127) ||
           (::inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6));
}

std::string without_port(const std::string& host) {
    return net::host_of("http://" + host + "/");
}

bool is_plain_host(const std::set<std::string>& plain_hosts, const std::string& url) {
    const std::string place = url.substr(std::min(url.find("://") + 3, url.size()));
    return plain_hosts.contains(place.substr(0, place.find('/'))) ||
           plain_hosts.contains(net::host_of(url));
}

Authorizer::Authorizer(
    net::Http& http, std::string url, std::string place, Credentials credentials,
    std::set<std::string> plain_hosts)
    : http_(http), url_(std::move(url)), place_(std::move(place)),
      credentials_(std::move(credentials)), plain_hosts_(std::move(plain_hosts)) {}

std::string Authorizer::basic() const {
    return credentials_.user.empty()
               ? std::string()
               : "Basic " + to_base64(credentials_.user + ":" + credentials_.password);
}

std::string Authorizer::header(const Scopes& scopes) {
    const std::lock_guard lock(mutex_);
    if (!challenge_) {
        return {};
    }
    if (challenge_->scheme == "basic") {
        return basic();
    }
    if (!credentials_.registry_token.empty()) {
        return "Bearer " + credentials_.registry_token;
    }
    const auto known = tokens_.find(scopes);
    if (known != tokens_.end() && steady_clock::now() + kMargin < known->second.until) {
        return "Bearer " + known->second.value;
    }
    Token token = fetch(scopes);
    const std::string value = "Bearer " + token.value;
    tokens_[scopes] = std::move(token);
    return value;
}

bool Authorizer::challenged(
    const std::vector<std::string>& headers, const Scopes& scopes, const std::string& sent) {
    const std::lock_guard lock(mutex_);
    std::optional<Challenge> chosen;
    for (const std::string& header : headers) {
        for (Challenge& challenge : parse_challenges(header)) {
            const bool bearer = challenge.scheme == "bearer" && !challenge.at("realm").empty();
            const bool basic = challenge.scheme == "basic" && !chosen;
            if (bearer || basic) {
                chosen = std::move(challenge);
            }
        }
    }
    if (!chosen || (chosen->scheme == "basic" && (credentials_.user.empty() || !sent.empty()))) {
        return false;
    }
    demanded_ = chosen->at("scope");
    challenge_ = std::move(chosen);
    tokens_.erase(scopes);
    return true;
}

void Authorizer::check_realm(const std::string& realm) const {
    const std::string host = net::host_of(realm);
    const bool secure = realm.starts_with("https:");
    const bool registry_is_secure = url_.starts_with("https:");
    if (host.empty() || (!secure && registry_is_secure) ||
        (!secure && !is_loopback(host) && !is_plain_host(plain_hosts_, realm))) {
        throw Error(
            ErrorKind::refused,
            fmt::format(
                "{} sends us for a token to {}, which is not encrypted", net::redacted(url_),
                net::redacted(realm)),
            "name the host with --plain-http if you trust the network to it");
    }
    const std::string own = net::host_of(url_);
    if (registry_is_secure && host != own && is_private_address(host) && !is_loopback(own) &&
        !is_private_address(own)) {
        throw Error(
            ErrorKind::refused, fmt::format(
                                    "{} sends us for a token to {}, which is in a private network",
                                    net::redacted(url_), net::redacted(realm)));
    }
}

net::Call Authorizer::token_request(const std::string& realm, const Scopes& scopes) const {
    std::vector<std::pair<std::string, std::string>> fields;
    if (const std::string service = challenge_->at("service"); !service.empty()) {
        fields.emplace_back("service", service);
    }
    for (const std::string& scope : scopes) {
        fields.emplace_back("scope", scope);
    }
    const std::string query = form(fields);
    const char* mark = realm.find('?') == std::string::npos ? "?" : "&";
    net::Call call{.url = query.empty() ? realm : realm + mark + query, .limit = kMaxTokenAnswer};
    if (const std::string value = basic(); !value.empty()) {
        call.headers.emplace_back("Authorization", value);
    }
    return call;
}

net::Call Authorizer::refresh_request(const std::string& realm, const Scopes& scopes) const {
    return {
        .method = "POST",
        .url = realm,
        .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
        .body = net::outgoing(form(
            {{"grant_type", "refresh_token"},
             {"service", challenge_->at("service")},
             {"client_id", "pare"},
             {"scope", join(scopes, " ")},
             {"refresh_token", credentials_.identity_token}})),
        .limit = kMaxTokenAnswer};
}

Authorizer::Token Authorizer::fetch(const Scopes& scopes) const {
    const std::string realm = http_.rewritten(challenge_->at("realm"));
    check_realm(realm);
    // What the registry has asked for comes first: some read no further.
    Scopes wanted;
    for (const std::string_view demanded : split_words(demanded_)) {
        wanted.emplace_back(demanded);
    }
    for (const std::string& scope : scopes) {
        if (std::find(wanted.begin(), wanted.end(), scope) == wanted.end()) {
            wanted.push_back(scope);
        }
    }
    const net::Reply reply = [&] {
        if (!credentials_.identity_token.empty()) {
            net::Reply refreshed = http_.call(refresh_request(realm, wanted));
            if (refreshed.status != 404 && refreshed.status != 405) {
                return refreshed;
            }
        }
        return http_.call(token_request(realm, wanted));
    }();
    if (reply.status != 200) {
        throw Error(
            ErrorKind::environment,
            fmt::format(
                "no token from {}: {}", net::redacted(realm), net::status_text(reply.status)),
            fmt::format(
                "log in{}: pare login {}",
                has_credentials() ? " with the right user and password" : "", place_));
    }
    const json::Value answer = json::parse(reply.body, net::redacted(realm));
    std::string token = optional_text(answer, "token");
    token = token.empty() ? optional_text(answer, "access_token") : token;
    if (!is_clean_token(token)) {
        throw Error(ErrorKind::refused, fmt::format("{} gives no token", net::redacted(realm)));
    }
    const json::Value* life = answer.as_object().find("expires_in");
    const seconds told{
        life == nullptr || life->integer() == nullptr ? kDefaultLife.count() : *life->integer()};
    return {
        .value = std::move(token),
        .until = steady_clock::now() + std::clamp(told, kDefaultLife, kLongestLife)};
}

} // namespace pare::registry
