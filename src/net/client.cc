// SPDX-License-Identifier: Apache-2.0
// The door of the room: one engine, and with it one set of connections, for all that a run of the
// program fetches. How a download tries again is in download.cc, what goes over the wire in
// transport.cc.
#include "net/client.hh"

#include "net/body.hh"
#include "net/download.hh"
#include "net/engine.hh"
#include "net/url.hh"

#include <array>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>

namespace pare::net {

struct Client::State {
    State(Options wanted, Events& listener) : options(std::move(wanted)), events(listener) {}

    Options options;
    Events& events;
    std::mutex mutex{};
    Engine engine{options};
};

namespace {

/// Transfers that are the same but for their names are made once; the indexes of all of them.
std::vector<std::vector<std::size_t>> group_equal(const std::vector<Transfer>& transfers) {
    using Key = std::tuple<std::string, std::string, std::string, std::optional<std::uint64_t>>;
    std::map<Key, std::size_t> known;
    std::vector<std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < transfers.size(); ++i) {
        const Transfer& transfer = transfers[i];
        const auto [place, is_new] = known.emplace(
            Key(transfer.url, transfer.destination.string(), transfer.sha256, transfer.size),
            groups.size());
        if (is_new) {
            groups.emplace_back();
        }
        groups[place->second].push_back(i);
    }
    return groups;
}

} // namespace

Client::Client(Options options, Events& events)
    : state_(std::make_unique<State>(std::move(options), events)) {}

Client::~Client() = default;

std::optional<Bytes>
Client::get(const std::string& url, std::uint64_t limit, Stage stage, const std::stop_token& stop) {
    const std::lock_guard lock(state_->mutex);
    auto body = std::make_unique<MemoryBody>();
    MemoryBody& bytes = *body;
    const std::array downloads = {std::make_unique<Download>(
        Transfer{.url = url, .limit = limit, .stage = stage}, rewritten(url), std::move(body),
        state_->options, state_->events)};
    std::exception_ptr problem;
    state_->engine.run(
        downloads,
        [&problem](std::size_t, std::exception_ptr error) { problem = std::move(error); }, stop);
    if (problem && downloads[0]->is_absent()) {
        return std::nullopt;
    }
    if (problem) {
        std::rethrow_exception(problem);
    }
    return bytes.take();
}

void Client::fetch(
    const std::vector<Transfer>& transfers,
    const std::function<void(std::size_t index, Outcome outcome)>& done,
    const std::stop_token& stop) {
    const std::lock_guard lock(state_->mutex);
    const std::vector<std::vector<std::size_t>> groups = group_equal(transfers);
    std::vector<std::unique_ptr<Download>> downloads;
    std::map<Stage, std::pair<std::uint64_t, std::uint64_t>> expected; ///< count and bytes
    downloads.reserve(groups.size());
    for (const std::vector<std::size_t>& group : groups) {
        const Transfer& transfer = transfers[group.front()];
        const Hashing hashing = transfer.sha256.empty() ? Hashing::none : Hashing::sha256;
        downloads.push_back(std::make_unique<Download>(
            transfer, rewritten(transfer.url),
            std::make_unique<FileBody>(transfer.destination, hashing), state_->options,
            state_->events));
        ++expected[transfer.stage].first;
        expected[transfer.stage].second += transfer.size.value_or(0);
    }
    for (const auto& [stage, sum] : expected) {
        state_->events.expect(stage, sum.first, sum.second);
    }
    state_->engine.run(
        downloads,
        [&](std::size_t index, const std::exception_ptr& error) {
            for (const std::size_t asked : groups[index]) {
                done(asked, Outcome{error, error != nullptr && downloads[index]->is_absent()});
            }
        },
        stop);
}

std::string Client::rewritten(const std::string& url) const {
    return rewrite(url, state_->options.rewrites);
}

} // namespace pare::net
