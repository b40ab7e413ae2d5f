// SPDX-License-Identifier: Apache-2.0
// Runs downloads side by side until each is kept or has failed.
#pragma once

#include "net/client.hh"
#include "net/download.hh"
#include "net/transport.hh"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <stop_token>

namespace pare::net {

class Engine {
public:
    /// `options` must outlive the engine. Costs nothing until the first request.
    explicit Engine(const Options& options) : options_(options) {}

    /// Called with the index of a download that has ended, and its error if it failed.
    using Ended = std::function<void(std::size_t index, std::exception_ptr error)>;

    /// Starts the downloads in their order. Throws ErrorKind::interrupted, and what `ended` throws.
    void
    run(std::span<const std::unique_ptr<Download>> downloads, const Ended& ended,
        const std::stop_token& stop);

private:
    using Instant = std::chrono::steady_clock::time_point;

    /// What one call of run() has still to do.
    struct Round {
        std::span<const std::unique_ptr<Download>> downloads;
        const Ended& ended;
        const std::stop_token& stop;
        std::multimap<Instant, std::size_t> waiting{}; ///< by the time of the next request
        std::map<const Receiver*, std::size_t> active{};
    };

    void start_due(Round& round);
    void start(Round& round, std::size_t index);
    void finish(Round& round, std::size_t index, const Finish& finish);
    [[nodiscard]] static std::chrono::milliseconds time_to_wait(const Round& round);

    const Options& options_;
    std::unique_ptr<Transport> transport_{};
};

} // namespace pare::net
