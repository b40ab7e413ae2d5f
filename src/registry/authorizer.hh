// SPDX-License-Identifier: Apache-2.0
// What stands in the Authorization header of a request to one registry.
#pragma once

#include "net/http.hh"
#include "registry/credentials.hh"
#include "registry/headers.hh"

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pare::registry {

/// What a request needs: `repository:NAME:pull,push`.
using Scopes = std::vector<std::string>;

/// Answers the challenges of one registry. Safe for several threads.
class Authorizer {
public:
    /// `url` is of the registry: credentials go to its origin, and to the realm that it names.
    /// `place` is what the user logs in to.
    /// Realms without TLS are for registries without TLS; `plain_hosts` may go without.
    Authorizer(
        net::Http& http, std::string url, std::string place, Credentials credentials,
        std::set<std::string> plain_hosts);

    /// The header's value; empty as long as nobody has asked who we are.
    [[nodiscard]] std::string header(const Scopes& scopes);
    /// Hears a 401 that came to a request with `sent` in its header. Whether there is something
    /// else to send.
    [[nodiscard]] bool challenged(
        const std::vector<std::string>& headers, const Scopes& scopes, const std::string& sent);

    [[nodiscard]] bool has_credentials() const { return !credentials_.empty(); }

private:
    struct Token {
        std::string value{};
        std::chrono::steady_clock::time_point until{};
    };

    [[nodiscard]] Token fetch(const Scopes& scopes) const;
    [[nodiscard]] net::Call token_request(const std::string& realm, const Scopes& scopes) const;
    [[nodiscard]] net::Call refresh_request(const std::string& realm, const Scopes& scopes) const;
    void check_realm(const std::string& realm) const;
    [[nodiscard]] std::string basic() const;

    net::Http& http_;
    std::string url_;
    std::string place_;
    Credentials credentials_;
    std::set<std::string> plain_hosts_;
    std::mutex mutex_;
    std::optional<Challenge> challenge_{};
    std::string demanded_{}; ///< scope of the last challenge
    std::map<Scopes, Token> tokens_{};
};

/// Whether it is the machine itself: `localhost`, 127.0.0.0/8, ::1.
[[nodiscard]] bool is_loopback(const std::string& host);
/// Whether the URL's host, or its host and port, is one of these.
[[nodiscard]] bool is_plain_host(const std::set<std::string>& plain_hosts, const std::string& url);
/// The host of `host:port`.
[[nodiscard]] std::string without_port(const std::string& host);

} // namespace pare::registry
