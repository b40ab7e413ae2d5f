// SPDX-License-Identifier: Apache-2.0
// Conversations with a server: any method, any headers, bodies both ways, one call at a time from
// each of many threads. What fetches files from mirrors is client.hh.
#pragma once

#include "net/client.hh"
#include "net/transport.hh"
#include "support/events.hh"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace pare::net {

/// A body of bytes in memory.
[[nodiscard]] Outgoing outgoing(Bytes bytes);

struct Call {
    std::string method = "GET";
    std::string url{};
    Headers headers{};
    Outgoing body{};
    std::uint64_t limit = std::uint64_t{1} << 20; ///< a larger answer is refused
};

/// What came of a call.
struct Reply {
    unsigned status = 0; ///< 0: there was no answer, for `cause`
    Headers headers{};
    Bytes body{};
    std::string url{};      ///< that answered, after redirects
    std::string redirect{}; ///< where a 3xx leads
    std::chrono::seconds retry_after{0};
    bool lasting = false; ///< of no answer: another try would end the same
    std::string cause{};
    std::string hint{};

    /// The value of a header, any case of its name; empty when missing.
    [[nodiscard]] std::string header(std::string_view name) const;
    /// All values of it.
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
    /// Whether another try may do better.
    [[nodiscard]] bool may_pass() const;
};

/// What came of a fetch: no error means the file is at its destination.
struct Fetched {
    std::exception_ptr error{};
    unsigned status = 0; ///< of the last answer
};

/// Safe for any number of threads; each call has a connection to itself, which is kept for the
/// next. `options.rewrites` are not followed: see rewritten().
class Http {
public:
    Http(Options options, Events& events, std::stop_token stop = {});
    Http(const Http&) = delete;
    Http& operator=(const Http&) = delete;
    ~Http();

    /// One try. GET and HEAD follow redirects, without their Authorization to another host, port or
    /// protocol, and never from https to http; other methods follow 307 and 308 alone.
    [[nodiscard]] Reply once(const Call& call);
    /// Tries again what may pass, as often as the options say. The last answer, whatever its
    /// status; no answer at all throws ErrorKind::environment. For calls that do no harm twice.
    [[nodiscard]] Reply call(const Call& call);
    /// Fetches a file like Client::fetch: resumes, checks size and hash. `headers` are asked for
    /// before each request. Throws ErrorKind::interrupted alone.
    [[nodiscard]] Fetched fetch(const Transfer& transfer, const std::function<Headers()>& headers);

    /// The URL that should really be asked for.
    [[nodiscard]] std::string rewritten(const std::string& url) const;

    [[nodiscard]] const Options& options() const { return options_; }

    [[nodiscard]] Events& events() const { return events_; }

    [[nodiscard]] const std::stop_token& stop() const { return stop_; }

private:
    class Lease;

    [[nodiscard]] Reply exchange(const Call& call);

    Options options_;
    Events& events_;
    std::stop_token stop_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Transport>> idle_;
};

/// `cannot VERB URL: cause`.
[[nodiscard]] Error no_answer(const Call& call, const Reply& reply, unsigned attempts);

} // namespace pare::net
