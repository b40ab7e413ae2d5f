// SPDX-License-Identifier: Apache-2.0
// One request and its answer on a handle of libcurl, for the files of this room.
#pragma once

#include "net/transport.hh"

#include <curl/curl.h>

#include <array>
#include <memory>

namespace pare::net {

struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Exchange {
    explicit Exchange(Receiver& hearer) : receiver(hearer) {}

    Receiver& receiver;
    std::unique_ptr<curl_slist, FreeList> headers{};
    std::array<char, CURL_ERROR_SIZE> message{};
    Outgoing body{};
    std::unique_ptr<Source> source{}; ///< what is left of the body
    std::uint64_t head_size = 0;      ///< bytes of all headers so far
    // Freed first: libcurl may still look at the members above.
    std::unique_ptr<CURL, FreeEasy> easy{curl_easy_init()};
    bool answered = false;
    bool stopped = false;
    std::exception_ptr error{};
};

/// Tells libcurl what to ask for, how, and whom to call.
void set_up(Exchange& exchange, const Request& request, const Options& options);
/// Hands the head of the answer to the receiver, once; false when that ends the exchange.
bool answer(Exchange& exchange);
/// What libcurl's verdict on an exchange means for a caller that can try again.
[[nodiscard]] Finish judge(CURLcode code, const Exchange& exchange, unsigned stall_seconds);

} // namespace pare::net
