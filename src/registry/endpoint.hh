// SPDX-License-Identifier: Apache-2.0
// The way to a registry: its real URLs, who we are to it, and what its errors say.
#pragma once

#include "net/http.hh"
#include "registry/authorizer.hh"
#include "registry/credentials.hh"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace pare::registry {

/// What one repository of a registry is asked by. Safe for several threads.
class Endpoint {
public:
    Endpoint(
        net::Http& http, std::string host, std::string repository, const CredentialStore& known,
        std::set<std::string> plain_hosts);

    [[nodiscard]] const std::string& host() const { return host_; }

    [[nodiscard]] net::Http& http() const { return http_; }

    /// The URL of `path` below `/v2/`, rewritten.
    [[nodiscard]] std::string url(const std::string& path);
    /// Sends a call whose URL is of this registry, with the right Authorization; once more when the
    /// registry asks who we are. Tries again what may pass.
    [[nodiscard]] net::Reply send(const net::Call& call, const Scopes& scopes);
    /// Likewise without trying again what may pass, for calls that change what is there.
    [[nodiscard]] net::Reply send_once(const net::Call& call, const Scopes& scopes);
    /// The headers of a request for a file.
    [[nodiscard]] net::Headers headers(const std::string& url, const Scopes& scopes);
    /// Uses these credentials in place of those that are known.
    void use(Credentials credentials);

private:
    struct Root {
        std::string url{}; ///< ends with `/v2/`
        std::unique_ptr<Authorizer> authorizer{};
    };

    Root& root();
    [[nodiscard]] std::string find_root();
    void tell_warnings(const net::Reply& reply);
    template <typename Send>
    net::Reply send_with(const net::Call& call, const Scopes& scopes, Send&& send);

    net::Http& http_;
    std::string host_;
    std::string repository_;
    const CredentialStore& known_;
    std::set<std::string> plain_hosts_;
    std::mutex mutex_;
    std::optional<Credentials> own_{};
    std::unique_ptr<Root> root_{};
    std::set<std::string> told_{}; ///< warnings
};

/// All registries that a run of the program speaks to.
class Registries {
public:
    /// `plain_hosts` are spoken to without TLS: `host` or `host:port`.
    Registries(net::Http& http, CredentialStore known, std::set<std::string> plain_hosts)
        : http_(http), known_(std::move(known)), plain_hosts_(std::move(plain_hosts)) {}

    /// Good as long as this.
    [[nodiscard]] Endpoint& endpoint(const std::string& host, const std::string& repository);

    [[nodiscard]] const CredentialStore& credentials() const { return known_; }

    [[nodiscard]] net::Http& http() const { return http_; }

private:
    net::Http& http_;
    CredentialStore known_;
    std::set<std::string> plain_hosts_;
    std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, std::unique_ptr<Endpoint>> endpoints_;
};

/// The code of the first error in an answer: `MANIFEST_BLOB_UNKNOWN`; empty when there is none.
[[nodiscard]] std::string error_code(const net::Reply& reply);
/// What a registry's refusal means: `cannot DEED: 403 Forbidden (DENIED: ...)`.
[[nodiscard]] Error
refusal(const net::Reply& reply, const std::string& host, const std::string& deed);
/// Throws refusal() for any other status than those.
void expect_status(
    const net::Reply& reply, std::initializer_list<unsigned> good, const std::string& host,
    const std::string& deed);

} // namespace pare::registry
