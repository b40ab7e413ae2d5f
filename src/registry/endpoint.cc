// SPDX-License-Identifier: Apache-2.0
// A registry is at https://HOST/v2/, docker.io at registry-1.docker.io, and elsewhere when a rule
// of
// --rewrite says so; its credentials are then those of where it really is. Without TLS only hosts
// that were named, and the machine itself, which is asked how it wants to be spoken to.
// Authorization goes to the origin of the registry alone. Errors of registries are
// {"errors":[{"code","message"}]} (distribution specification 1.1, "Error Codes").
#include "registry/endpoint.hh"

#include "net/url.hh"
#include "support/json.hh"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pare::registry {

namespace {

constexpr std::size_t kMaxReason = 300;
constexpr std::size_t kMaxWarnings = 10;

std::string real_host(const std::string& host) {
    return host == "docker.io" ? "registry-1.docker.io" : host;
}

/// `CODE: message`, when the body says so.
std::string reason(const net::Reply& reply) {
    try {
        const json::Value document = json::parse(reply.body, "answer");
        const json::Value& first = document.at("errors").as_array().at(0);
        const json::Value* message = first.as_object().find("message");
        std::string text = first.at("code").as_string();
        if (message != nullptr && message->string() != nullptr && !message->string()->empty()) {
            text += ": " + *message->string();
        }
        return text.substr(0, kMaxReason);
    } catch (const std::exception&) {
        return {};
    }
}

std::string hint_for(unsigned status, const std::string& host) {
    switch (status) {
    case 401:
        return fmt::format("log in: pare login {}", host);
    case 403:
        return fmt::format("check that who is logged in at {0} may do this: pare login {0}", host);
    case 404:
        return "check the name; a registry also hides what one may not see: pare login " + host;
    case 413:
        return "the registry, or a proxy before it, limits how much can be sent at once";
    case 429:
        return "the registry limits how often it is asked: try again later, or log in";
    default:
        return status >= 500 ? "try again later" : "";
    }
}

} // namespace

Endpoint::Endpoint(
    net::Http& http, std::string host, std::string repository, const CredentialStore& known,
    std::set<std::string> plain_hosts)
    : http_(http), host_(std::move(host)), repository_(std::move(repository)), known_(known),
      plain_hosts_(std::move(plain_hosts)) {}

/// Where `/v2/` is. The machine itself is tried without TLS first, then with it.
std::string Endpoint::find_root() {
    const std::string host = real_host(host_);
    const std::string secure = "https://" + host + "/v2/";
    const std::string plain = "http://" + host + "/v2/";
    const std::string real = http_.rewritten(secure);
    if (real != secure) {
        if (net::origin(real).empty()) {
            throw Error(
                ErrorKind::usage,
                fmt::format("{} is rewritten to {}, which is no registry", host_, real),
                "write --rewrite https://HOST/=https://OTHER/");
        }
        return real;
    }
    if (is_plain_host(plain_hosts_, plain)) {
        return plain;
    }
    if (!is_loopback(without_port(host)) || http_.options().offline) {
        return secure;
    }
    const net::Reply reply = http_.once({.url = plain});
    const bool speaks_plain = reply.status != 0 && reply.status != 400;
    return speaks_plain || http_.once({.url = secure}).status == 0 ? plain : secure;
}

Endpoint::Root& Endpoint::root() {
    const std::lock_guard lock(mutex_);
    if (!root_) {
        auto root = std::make_unique<Root>();
        root->url = find_root();
        const std::string secure = "https://" + real_host(host_) + "/v2/";
        // Credentials are of where it really is.
        std::string place = host_;
        if (http_.rewritten(secure) != secure) {
            const std::string rest = root->url.substr(root->url.find("://") + 3);
            place = rest.substr(0, rest.find('/'));
        }
        root->authorizer = std::make_unique<Authorizer>(
            http_, root->url, place, own_ ? *own_ : known_.find(place, repository_), plain_hosts_);
        root_ = std::move(root);
    }
    return *root_;
}

void Endpoint::use(Credentials credentials) {
    const std::lock_guard lock(mutex_);
    own_ = std::move(credentials);
    root_.reset();
}

std::string Endpoint::url(const std::string& path) {
    const std::string& root_url = root().url;
    const std::string full = "https://" + real_host(host_) + "/v2/" + path;
    const std::string real = http_.rewritten(full);
    return real == full ? root_url + path : real;
}

/// `Warning: 299 - "TEXT"` is for people to read ("Warnings" of the specification); once each.
void Endpoint::tell_warnings(const net::Reply& reply) {
    for (const std::string& header : reply.all("Warning")) {
        const std::lock_guard lock(mutex_);
        if (header.starts_with("299 ") && told_.size() < kMaxWarnings &&
            told_.insert(header).second) {
            http_.events().message(
                Severity::warning, fmt::format("{} says: {}", host_, header.substr(4, kMaxReason)));
        }
    }
}

template <typename Send>
net::Reply Endpoint::send_with(const net::Call& call, const Scopes& scopes, Send&& send) {
    Root& root = this->root();
    const bool ours = net::origin(call.url) == net::origin(root.url);
    for (int round = 0;; ++round) {
        net::Call authorized = call;
        const std::string value = ours ? root.authorizer->header(scopes) : std::string();
        if (!value.empty()) {
            authorized.headers.emplace_back("Authorization", value);
        }
        net::Reply reply = send(authorized);
        tell_warnings(reply);
        const bool is_challenge =
            reply.status == 401 && ours && net::origin(reply.url) == net::origin(root.url);
        if (!is_challenge || round == 2 ||
            !root.authorizer->challenged(reply.all("WWW-Authenticate"), scopes, value)) {
            return reply;
        }
    }
}

net::Reply Endpoint::send(const net::Call& call, const Scopes& scopes) {
    return send_with(call, scopes, [this](const net::Call& ready) { return http_.call(ready); });
}

net::Reply Endpoint::send_once(const net::Call& call, const Scopes& scopes) {
    return send_with(call, scopes, [this](const net::Call& ready) { return http_.once(ready); });
}

net::Headers Endpoint::headers(const std::string& url, const Scopes& scopes) {
    Root& root = this->root();
    const bool ours = net::origin(url) == net::origin(root.url);
    const std::string value = ours ? root.authorizer->header(scopes) : std::string();
    return value.empty() ? net::Headers{} : net::Headers{{"Authorization", value}};
}

Endpoint& Registries::endpoint(const std::string& host, const std::string& repository) {
    const std::lock_guard lock(mutex_);
    std::unique_ptr<Endpoint>& endpoint = endpoints_[{host, repository}];
    if (!endpoint) {
        endpoint = std::make_unique<Endpoint>(http_, host, repository, known_, plain_hosts_);
    }
    return *endpoint;
}

std::string error_code(const net::Reply& reply) {
    const std::string why = reason(reply);
    return why.substr(0, why.find(':'));
}

Error refusal(const net::Reply& reply, const std::string& host, const std::string& deed) {
    if (reply.status == 0) {
        return {
            ErrorKind::environment,
            fmt::format("cannot {}: {} does not answer: {}", deed, host, reply.cause), reply.hint};
    }
    const std::string why = reason(reply);
    return {
        ErrorKind::environment,
        fmt::format(
            "cannot {}: {} answers {}{}{}{}", deed, host, net::status_text(reply.status),
            why.empty() ? "" : " (", why, why.empty() ? "" : ")"),
        hint_for(reply.status, host)};
}

void expect_status(
    const net::Reply& reply, std::initializer_list<unsigned> good, const std::string& host,
    const std::string& deed) {
    if (std::find(good.begin(), good.end(), reply.status) == good.end()) {
        throw refusal(reply, host, deed);
    }
}

} // namespace pare::registry
