// SPDX-License-Identifier: Apache-2.0
// One loop in the thread of the caller: start what is due, move bytes, decide about what has
// ended. Files are read here and not by libcurl, which does not tell a missing file from an
// unreadable one and is not needed at all when every repository is a directory.
#include "net/engine.hh"

#include "net/url.hh"
#include "support/files.hh"

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

namespace pare::net {

namespace {

using std::chrono::milliseconds;

/// So long may pass before a stop is seen.
constexpr milliseconds kTick{100};

/// Exchanges at once, over all hosts: each may hold an open file and buffers.
constexpr std::size_t kMaxActive = 48;

constexpr std::size_t kPiece = 262'144;

void check(const std::stop_token& stop) {
    if (stop.stop_requested()) {
        throw Error(ErrorKind::interrupted, "interrupted");
    }
}

void copy(const std::filesystem::path& path, Receiver& receiver, const std::stop_token& stop) {
    FileSource source(path);
    std::error_code unknown;
    const std::uintmax_t size = std::filesystem::file_size(path, unknown);
    Response response{.status = 200};
    if (!unknown) {
        response.length = size;
    }
    Flow flow = receiver.on_response(response);
    std::string piece(kPiece, '\0');
    while (flow == Flow::on && !stop.stop_requested()) {
        const std::size_t count = source.read(piece.data(), piece.size());
        if (count == 0) {
            return;
        }
        flow = receiver.on_body(BytesView(piece).substr(0, count));
    }
}

Finish
read_local(const std::filesystem::path& path, Receiver& receiver, const std::stop_token& stop) {
    Finish finish{.receiver = &receiver};
    std::error_code problem;
    if (!std::filesystem::exists(path, problem)) {
        finish.ending = problem ? Ending::lasting : Ending::absent;
        finish.cause = problem ? problem.message() : "no such file";
        finish.hint = "check the path, and the rules given with --rewrite";
        return finish;
    }
    try {
        copy(path, receiver, stop);
    } catch (const Error&) {
        finish.error = std::current_exception();
    }
    return finish;
}

} // namespace

void Engine::run(
    std::span<const std::unique_ptr<Download>> downloads, const Ended& ended,
    const std::stop_token& stop) {
    /// However run() ends: nobody hears of these downloads any more.
    struct Dropper {
        Engine& engine;

        ~Dropper() {
            if (engine.transport_) {
                engine.transport_->drop_all();
            }
        }
    };

    const Dropper dropper{*this};
    Round round{.downloads = downloads, .ended = ended, .stop = stop};
    const Instant now = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < downloads.size(); ++i) {
        round.waiting.emplace(now, i);
    }
    while (true) {
        check(stop);
        start_due(round);
        if (round.active.empty() && round.waiting.empty()) {
            return;
        }
        if (!transport_) {
            transport_ = std::make_unique<Transport>(options_);
        }
        for (const Finish& finished : transport_->advance(time_to_wait(round))) {
            check(stop);
            const auto found = round.active.find(finished.receiver);
            const std::size_t index = found->second;
            round.active.erase(found);
            finish(round, index, finished);
        }
    }
}

void Engine::start_due(Round& round) {
    const Instant now = std::chrono::steady_clock::now();
    while (round.active.size() < kMaxActive && !round.waiting.empty() &&
           round.waiting.begin()->first <= now) {
        const std::size_t index = round.waiting.begin()->second;
        round.waiting.erase(round.waiting.begin());
        start(round, index);
    }
}

void Engine::start(Round& round, std::size_t index) {
    Download& download = *round.downloads[index];
    std::optional<std::filesystem::path> path;
    try {
        path = local_path(download.real_url());
    } catch (const Error&) {
        return round.ended(index, std::current_exception());
    }
    if (path) {
        static_cast<void>(download.next_request());
        const Finish finished = read_local(*path, download, round.stop);
        check(round.stop);
        return finish(round, index, finished);
    }
    if (options_.offline) {
        return round.ended(
            index, std::make_exception_ptr(download.error(
                       "--offline forbids the network",
                       "run once without --offline to fill the store, or lead the URL to a local "
                       "directory with --rewrite")));
    }
    if (!transport_) {
        transport_ = std::make_unique<Transport>(options_);
    }
    transport_->start(download.next_request(), download);
    round.active.emplace(&download, index);
}

void Engine::finish(Round& round, std::size_t index, const Finish& finished) {
    Verdict verdict = round.downloads[index]->conclude(finished);
    if (verdict.next == Verdict::Next::again) {
        round.waiting.emplace(std::chrono::steady_clock::now() + verdict.delay, index);
        return;
    }
    round.ended(index, std::move(verdict.error));
}

milliseconds Engine::time_to_wait(const Round& round) {
    if (round.waiting.empty() || round.active.size() >= kMaxActive) {
        return kTick;
    }
    const auto left = std::chrono::ceil<milliseconds>(
        round.waiting.begin()->first - std::chrono::steady_clock::now());
    return std::clamp(left, milliseconds(0), kTick);
}

} // namespace pare::net
