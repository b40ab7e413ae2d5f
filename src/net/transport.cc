// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 and HTTP/2 (RFC 9110, 9112, 9113) by libcurl's multi interface, in the thread of the
// caller. One multi handle lives as long as the client, so connections, TLS sessions, names and CA
// certificates are asked for once. Refused: other protocols than http and https, a redirect from
// https to http, more than ten redirects, TLS that cannot be verified. Proxies come from
// http_proxy, https_proxy, all_proxy and no_proxy; CA certificates from SSL_CERT_FILE and
// SSL_CERT_DIR, else from the system; passwords from the URL or ~/.netrc.
#include "net/transport.hh"

#include "net/url.hh"
#include "support/error.hh"

#include <curl/curl.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <system_error>
#include <unordered_map>
#include <utility>

namespace pare::net {

namespace {

constexpr long kMaxRedirects = 10;
constexpr long kKeptConnections = 64;

constexpr const char* kNetworkHint =
    "check the network and the proxy variables (https_proxy, http_proxy, no_proxy), or choose "
    "another mirror with --mirror";

/// Initialises libcurl on first use, not when the program starts: that costs milliseconds.
struct Library {
    Library() { ensure(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "libcurl cannot start"); }

    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;

    ~Library() { curl_global_cleanup(); }
};

struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};

struct FreeMulti {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Exchange {
    explicit Exchange(Receiver& hearer) : receiver(hearer) {}

    Receiver& receiver;
    std::unique_ptr<curl_slist, FreeList> headers{};
    std::array<char, CURL_ERROR_SIZE> message{};
    // Freed first: libcurl may still look at the members above.
    std::unique_ptr<CURL, FreeEasy> easy{curl_easy_init()};
    bool answered = false;
    bool stopped = false;
    std::exception_ptr error{};
};

template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
    ensure(curl_easy_setopt(easy, option, value) == CURLE_OK, "libcurl refuses an option");
}

std::unique_ptr<curl_slist, FreeList> make_list(const std::vector<std::string>& lines) {
    std::unique_ptr<curl_slist, FreeList> list;
    for (const std::string& line : lines) {
        // libcurl appends in place and gives the first element back; only the first call makes one.
        curl_slist* first = curl_slist_append(list.get(), line.c_str());
        ensure(first != nullptr, "libcurl takes no header");
        if (!list) {
            list.reset(first);
        }
    }
    return list;
}

std::string header(CURL* easy, const char* name) {
    struct curl_header* found = nullptr;
    if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK) {
        return {};
    }
    return found->value;
}

Response read_response(CURL* easy) {
    Response response;
    long status = 0;
    curl_off_t length = -1;
    curl_off_t retry_after = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after);
    response.status = static_cast<unsigned>(status);
    if (length >= 0) {
        response.length = static_cast<std::uint64_t>(length);
    }
    response.retry_after = std::chrono::seconds(std::clamp<curl_off_t>(retry_after, 0, 86400));
    response.content_range = header(easy, "Content-Range");
    response.entity_tag = header(easy, "ETag");
    if (!response.entity_tag.starts_with('"')) {
        response.entity_tag.clear();
    }
    return response;
}

/// Runs a call of the receiver between two frames of C, through which no exception may pass.
template <typename Call>
bool goes_on(Exchange& exchange, Call&& call) {
    try {
        exchange.stopped = std::forward<Call>(call)() == Flow::stop;
        return !exchange.stopped;
    } catch (...) {
        exchange.error = std::current_exception();
        return false;
    }
}

bool answer(Exchange& exchange) {
    if (exchange.answered) {
        return true;
    }
    exchange.answered = true;
    return goes_on(exchange, [&exchange] {
        return exchange.receiver.on_response(read_response(exchange.easy.get()));
    });
}

std::size_t on_write(char* bytes, std::size_t size, std::size_t count, void* user) {
    Exchange& exchange = *static_cast<Exchange*>(user);
    const std::size_t total = size * count;
    const bool on = answer(exchange) && goes_on(exchange, [&exchange, bytes, total] {
                        return exchange.receiver.on_body(BytesView(bytes, total));
                    });
    return on ? total : CURL_WRITEFUNC_ERROR;
}

const char* variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : nullptr;
}

void set_tls(CURL* easy) {
    if (const char* file = variable("SSL_CERT_FILE")) {
        set(easy, CURLOPT_CAINFO, file);
    }
    if (const char* directory = variable("SSL_CERT_DIR")) {
        set(easy, CURLOPT_CAPATH, directory);
    }
}

void set_up(Exchange& exchange, const Request& request, const Options& options) {
    CURL* easy = exchange.easy.get();
    const bool secure = request.url.starts_with("https:");
    const auto patience = static_cast<long>(std::max(1U, options.stall_seconds));
    set(easy, CURLOPT_URL, request.url.c_str());
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
    set(easy, CURLOPT_FOLLOWLOCATION, 1L);
    set(easy, CURLOPT_MAXREDIRS, kMaxRedirects);
    set(easy, CURLOPT_UNRESTRICTED_AUTH, 0L);
    set(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_OPTIONAL));
    set(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
    set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    // Over TLS the first connection tells whether it can carry all requests; plain HTTP cannot.
    set(easy, CURLOPT_PIPEWAIT, secure ? 1L : 0L);
    set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_CONNECTTIMEOUT, patience);
    set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(easy, CURLOPT_LOW_SPEED_TIME, patience);
    set(easy, CURLOPT_ERRORBUFFER, exchange.message.data());
    set(easy, CURLOPT_WRITEFUNCTION, &on_write);
    set(easy, CURLOPT_WRITEDATA, &exchange);
    set_tls(easy);
    std::vector<std::string> headers;
    if (request.offset > 0) {
        set(easy, CURLOPT_RANGE, fmt::format("{}-", request.offset).c_str());
        if (!request.if_range.empty()) {
            headers.push_back("If-Range: " + request.if_range);
        }
    }
    if (request.freshness == Freshness::past_caches) {
        headers.emplace_back("Cache-Control: no-cache");
        headers.emplace_back("Pragma: no-cache");
    }
    exchange.headers = make_list(headers);
    set(easy, CURLOPT_HTTPHEADER, exchange.headers.get());
}

Finish failure(Ending ending, std::string cause, std::string hint = {}) {
    return {.ending = ending, .cause = std::move(cause), .hint = std::move(hint)};
}

Finish connect_failure(CURL* easy) {
    long problem = 0;
    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &problem);
    std::string cause = "no connection to the server";
    if (problem != 0) {
        cause = std::generic_category().message(static_cast<int>(problem));
        if (cause.front() >= 'A' && cause.front() <= 'Z') {
            cause.front() = static_cast<char>(cause.front() - 'A' + 'a');
        }
    }
    return failure(Ending::passing, cause, kNetworkHint);
}

/// A connection that was cut, if not by a proxy that refuses to open the tunnel for https.
Finish cut_failure(CURL* easy, const std::string& detail) {
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &status);
    if (status < 300) {
        return failure(Ending::passing, fmt::format("the connection was cut ({})", detail));
    }
    return failure(
        status >= 500 ? Ending::passing : Ending::lasting,
        fmt::format("the proxy answers {}", status_text(static_cast<unsigned>(status))),
        "check https_proxy, and the user and password in it");
}

/// What libcurl's verdict on an exchange means for a caller that can try again.
Finish judge(CURLcode code, const Exchange& exchange, unsigned stall_seconds) {
    const std::string detail =
        exchange.message[0] != '\0' ? exchange.message.data() : curl_easy_strerror(code);
    switch (code) {
    case CURLE_OK:
        return {};
    case CURLE_COULDNT_CONNECT:
        return connect_failure(exchange.easy.get());
    case CURLE_COULDNT_RESOLVE_HOST:
        return failure(Ending::passing, "the name of the host is not known", kNetworkHint);
    case CURLE_COULDNT_RESOLVE_PROXY:
        return failure(Ending::passing, "the name of the proxy is not known", kNetworkHint);
    case CURLE_OPERATION_TIMEDOUT:
        return failure(
            Ending::passing, fmt::format("no data for {} s", stall_seconds), kNetworkHint);
    case CURLE_PARTIAL_FILE:
        return failure(Ending::passing, "the connection was cut in the middle of the body");
    case CURLE_GOT_NOTHING:
        return failure(Ending::passing, "the server closed the connection without an answer");
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        return cut_failure(exchange.easy.get(), detail);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_WEIRD_SERVER_REPLY:
        return failure(Ending::passing, detail, kNetworkHint);
    case CURLE_TOO_MANY_REDIRECTS:
        return failure(Ending::lasting, fmt::format("more than {} redirects", kMaxRedirects));
    case CURLE_URL_MALFORMAT:
        return failure(
            Ending::lasting, "this is no valid URL",
            "write it as https://HOST/PATH, with spaces and the like as %20");
    case CURLE_UNSUPPORTED_PROTOCOL:
        return failure(Ending::lasting, "a redirect leads to a protocol that is not allowed");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        return failure(
            Ending::lasting, fmt::format("the certificate cannot be verified ({})", detail),
            "install the package ca-certificates, or name the file of the certificate authority "
            "in SSL_CERT_FILE");
    default:
        return failure(Ending::lasting, detail);
    }
}

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
