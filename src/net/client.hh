// SPDX-License-Identifier: Apache-2.0
// HTTP(S) for everything that fetches: many transfers at once, retries with backoff, resume,
// credentials, rewrites, offline. The only files that see libcurl are in this room.
#pragma once

#include "support/bytes.hh"
#include "support/events.hh"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace pare::net {

/// `--rewrite FROM=TO`: a URL that starts with `from` is fetched from `to` + rest. The longest
/// `from` wins; it ends at a border of the path (`http://a/debian` is no start of
/// `http://a/debian-security`). `to` may be file:///dir or a plain directory, so that a mirror can
/// be a directory.
struct Rewrite {
    std::string from;
    std::string to;
};

struct Options {
    std::vector<Rewrite> rewrites{};
    bool offline = false;            ///< every fetch but of files is an error naming --offline
    unsigned connections = 8;        ///< per host
    unsigned attempts = 5;           ///< in all, for what may pass: 408, 429, 5xx, cut connections
    unsigned first_backoff_ms = 250; ///< doubles each time, with Retry-After honoured up to 60 s
    unsigned stall_seconds = 30;     ///< no byte for so long: the connection counts as cut
    std::string user_agent = "pare";
    bool netrc = true;     ///< passwords from ~/.netrc
    std::string ca_file{}; ///< certificate authorities to trust, beside those of the system
};

/// One file to fetch.
struct Transfer {
    std::string url{};
    /// Where it goes: written beside it, renamed when complete and, where given, right in size and
    /// hash. Until then nothing stands at this path.
    std::filesystem::path destination{};
    std::optional<std::uint64_t> size{};          ///< exact, when known
    std::string sha256{};                         ///< lower-case hex, when known
    std::uint64_t limit = std::uint64_t{1} << 32; ///< more is refused
    Stage stage = Stage::download;
    std::string name{}; ///< for progress; the URL when empty
};

/// What came of a transfer: no error means the file is at its destination.
struct Outcome {
    std::exception_ptr error{};
    bool is_absent = false; ///< the error is that there is no such thing: 404, 410, no such file
};

/// Keeps its connections from call to call, and opens none before the first. One call runs at a
/// time, others wait. Proxies and CA certificates come from the environment (transport.cc).
class Client {
public:
    Client(Options options, Events& events);
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client();

    /// The body at `url`, at most `limit` bytes, or nothing for 404 and 410. Other failures throw:
    /// ErrorKind::environment, naming the URL and the status or the cause.
    /// Credentials: user:password in the URL, else ~/.netrc; never sent to another host on
    /// redirect.
    [[nodiscard]] std::optional<Bytes>
    get(const std::string& url, std::uint64_t limit, Stage stage, const std::stop_token& stop = {});

    /// Fetches all, in this order as far as connections allow; says `expect` of the events.
    /// `done(index, outcome)` is called as each ends, from the calling thread; it must not block
    /// for long (hand work to a pool) nor call the client. A 404 is ErrorKind::environment. A wrong
    /// size or hash is ErrorKind::refused, after one more try. Two transfers of one URL to one
    /// destination are made once. Missing parents of a destination are made. Returns when all are
    /// done; throws only ErrorKind::interrupted.
    void fetch(
        const std::vector<Transfer>& transfers,
        const std::function<void(std::size_t index, Outcome outcome)>& done,
        const std::stop_token& stop = {});

    /// The URL that would really be asked for.
    [[nodiscard]] std::string rewritten(const std::string& url) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace pare::net
