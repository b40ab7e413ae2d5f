// SPDX-License-Identifier: Apache-2.0
// Requests on the wire: many at once on reused connections, each heard by its Receiver. Knows
// nothing of retries, files or hashes.
#pragma once

#include "net/client.hh"
#include "support/bytes.hh"
#include "support/stream.hh"

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pare::net {

enum class Freshness { any, past_caches };

enum class Redirects { follow, report };

using Headers = std::vector<std::pair<std::string, std::string>>;

/// What a request carries. It may have to be sent again: `open` gives the bytes from any offset,
/// each time that it is called.
struct Outgoing {
    std::uint64_t size = 0;
    std::function<std::unique_ptr<Source>(std::uint64_t offset)> open{}; ///< empty: no body at all
};

struct Request {
    std::string url{};
    std::string method = "GET";
    Headers headers{};
    Outgoing body{};
    Redirects redirects = Redirects::follow;
    std::uint64_t offset = 0; ///< ask for the rest from here
    std::string if_range{};   ///< only while the server's entity tag is still this one
    Freshness freshness = Freshness::any;
};

/// The head of an answer.
struct Response {
    unsigned status = 0;
    std::optional<std::uint64_t> length{}; ///< of this body
    std::chrono::seconds retry_after{0};   ///< never negative
    std::string content_range{};
    std::string entity_tag{}; ///< only a strong one, in its quotes
    Headers headers{};
};

enum class Flow { on, stop };

/// Hears one exchange. May throw: that ends the exchange and comes back in Finish::error.
class Receiver {
public:
    Receiver() = default;
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;
    virtual ~Receiver() = default;
    /// Once, before the first byte of the body (after the last redirect).
    virtual Flow on_response(const Response& response) = 0;
    virtual Flow on_body(BytesView bytes) = 0;
};

enum class Ending {
    complete, ///< there was an answer, good or bad, to its end or to Flow::stop
    passing,  ///< refused, cut, stalled: another try may do
    lasting,  ///< another try would end the same
    absent,   ///< a file that is not there
};

/// How an exchange ended.
struct Finish {
    Receiver* receiver = nullptr;
    Ending ending = Ending::complete;
    std::string cause{};
    std::string hint{};
    std::exception_ptr error{};
};

class Transport {
public:
    explicit Transport(const Options& options);
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    /// Drops what is still under way.
    ~Transport();

    /// `receiver` must live until its Finish comes, or drop_all().
    void start(const Request& request, Receiver& receiver);
    /// Moves bytes, and waits at most so long for something to happen; what has ended.
    [[nodiscard]] std::vector<Finish> advance(std::chrono::milliseconds wait);
    /// Ends all exchanges at once, without a word to their receivers.
    void drop_all();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace pare::net
