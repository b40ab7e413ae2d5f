// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 and HTTP/2 (RFC 9110, 9112, 9113) by libcurl's multi interface, in the thread of the
// caller. One multi handle lives as long as the client, so connections, TLS sessions, names and CA
// certificates are asked for once. What is asked of libcurl for one request, and what is refused,
// is in exchange.cc.
#include "net/transport.hh"

#include "net/exchange.hh"
#include "support/error.hh"

#include <curl/curl.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace pare::net {

namespace {

constexpr long kKeptConnections = 64;

/// Initialises libcurl on first use, not when the program starts: that costs milliseconds.
struct Library {
    Library() { ensure(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "libcurl cannot start"); }

    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;

    ~Library() { curl_global_cleanup(); }
};

struct FreeMulti {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

} // namespace

struct Transport::State {
    explicit State(const Options& wanted) : options(wanted) {}

    Options options;
    Library library{};
    std::unique_ptr<CURLM, FreeMulti> multi{curl_multi_init()};
    std::unordered_map<CURL*, std::unique_ptr<Exchange>> exchanges{};

    std::vector<Finish> collect();
};

/// Takes the exchanges that libcurl has ended out of its hands.
std::vector<Finish> Transport::State::collect() {
    std::vector<Finish> ended;
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
        const auto found = exchanges.find(message->easy_handle);
        ensure(found != exchanges.end(), "libcurl tells of an unknown exchange");
        const CURLcode code = message->data.result;
        const std::unique_ptr<Exchange> exchange = std::move(found->second);
        exchanges.erase(found);
        curl_multi_remove_handle(multi.get(), exchange->easy.get());
        if (code == CURLE_OK) {
            answer(*exchange);
        }
        Finish finish = exchange->stopped || exchange->error
                            ? Finish{}
                            : judge(code, *exchange, options.stall_seconds);
        finish.receiver = &exchange->receiver;
        finish.error = exchange->error;
        ended.push_back(std::move(finish));
    }
    return ended;
}

Transport::Transport(const Options& options) : state_(std::make_unique<State>(options)) {
    CURLM* multi = state_->multi.get();
    ensure(multi != nullptr, "libcurl makes no multi handle");
    curl_multi_setopt(
        multi, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(std::max(1U, options.connections)));
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, kKeptConnections);
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
}

Transport::~Transport() {
    drop_all();
}

void Transport::start(const Request& request, Receiver& receiver) {
    auto exchange = std::make_unique<Exchange>(receiver);
    CURL* easy = exchange->easy.get();
    ensure(easy != nullptr, "libcurl makes no handle");
    set_up(*exchange, request, state_->options);
    ensure(
        curl_multi_add_handle(state_->multi.get(), easy) == CURLM_OK, "libcurl takes no transfer");
    state_->exchanges.emplace(easy, std::move(exchange));
}

std::vector<Finish> Transport::advance(std::chrono::milliseconds wait) {
    int running = 0;
    ensure(curl_multi_perform(state_->multi.get(), &running) == CURLM_OK, "libcurl cannot go on");
    std::vector<Finish> ended = state_->collect();
    if (ended.empty()) {
        ensure(
            curl_multi_poll(
                state_->multi.get(), nullptr, 0, static_cast<int>(wait.count()), nullptr) ==
                CURLM_OK,
            "libcurl cannot wait");
    }
    return ended;
}

void Transport::drop_all() {
    for (const auto& [easy, exchange] : state_->exchanges) {
        // Else libcurl would wait for a name server that does not answer.
        curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
        curl_multi_remove_handle(state_->multi.get(), easy);
    }
    state_->exchanges.clear();
}

} // namespace pare::net
