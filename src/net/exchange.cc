// SPDX-License-Identifier: Apache-2.0
// What libcurl is told for one request, and what its answers mean. Refused: other protocols than
// http and https, a redirect from https to http, more than ten redirects, heads of more than
// 256 KiB, TLS that cannot be verified. Proxies come from http_proxy, https_proxy, all_proxy and
// no_proxy; CA certificates from SSL_CERT_FILE and SSL_CERT_DIR, else from the system; passwords
// from the URL or ~/.netrc. An Authorization header goes to the host, port and protocol that it was
// made for and to no other one that a redirect leads to (libcurl sees to that since 7.83).
#include "net/exchange.hh"

#include "net/url.hh"
#include "support/error.hh"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace pare::net {

namespace {

constexpr long kMaxRedirects = 10;

/// Heads of answers may be this long in all, redirects included.
constexpr std::uint64_t kMaxHead = 262'144;

/// A server that takes a large body may think about it for long before it answers.
constexpr long kUploadPatience = 10;

constexpr long kUploadBuffer = 524'288;

constexpr const char* kNetworkHint =
    "check the network and the proxy variables (https_proxy, http_proxy, no_proxy)";

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

/// Those of the last answer, after all redirects.
Headers all_headers(CURL* easy) {
    Headers headers;
    struct curl_header* found = nullptr;
    while ((found = curl_easy_nextheader(easy, CURLH_HEADER, -1, found)) != nullptr) {
        headers.emplace_back(found->name, found->value);
    }
    return headers;
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
    response.headers = all_headers(easy);
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

} // namespace

bool answer(Exchange& exchange) {
    if (exchange.answered) {
        return true;
    }
    exchange.answered = true;
    return goes_on(exchange, [&exchange] {
        return exchange.receiver.on_response(read_response(exchange.easy.get()));
    });
}

namespace {

std::size_t on_write(char* bytes, std::size_t size, std::size_t count, void* user) {
    Exchange& exchange = *static_cast<Exchange*>(user);
    const std::size_t total = size * count;
    const bool on = answer(exchange) && goes_on(exchange, [&exchange, bytes, total] {
                        return exchange.receiver.on_body(BytesView(bytes, total));
                    });
    return on ? total : CURL_WRITEFUNC_ERROR;
}

std::size_t on_header(char* /*line*/, std::size_t size, std::size_t count, void* user) {
    Exchange& exchange = *static_cast<Exchange*>(user);
    exchange.head_size += size * count;
    return exchange.head_size <= kMaxHead ? size * count : CURL_WRITEFUNC_ERROR;
}

std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* user) {
    Exchange& exchange = *static_cast<Exchange*>(user);
    try {
        return exchange.source->read(buffer, size * count);
    } catch (...) {
        exchange.error = std::current_exception();
        return CURL_READFUNC_ABORT;
    }
}

/// libcurl begins again when a kept connection turns out to be dead.
int on_seek(void* user, curl_off_t offset, int /*origin*/) {
    Exchange& exchange = *static_cast<Exchange*>(user);
    try {
        exchange.source = exchange.body.open(static_cast<std::uint64_t>(offset));
        return CURL_SEEKFUNC_OK;
    } catch (...) {
        exchange.error = std::current_exception();
        return CURL_SEEKFUNC_FAIL;
    }
}

const char* variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? value : nullptr;
}

void set_tls(CURL* easy, const Options& options) {
    if (const char* file = variable("SSL_CERT_FILE")) {
        set(easy, CURLOPT_CAINFO, file);
    }
    if (const char* directory = variable("SSL_CERT_DIR")) {
        set(easy, CURLOPT_CAPATH, directory);
    }
    if (!options.ca_file.empty()) {
        set(easy, CURLOPT_CAINFO, options.ca_file.c_str());
    }
}

void set_method(CURL* easy, const std::string& method) {
    if (method == "HEAD") {
        set(easy, CURLOPT_NOBODY, 1L);
    } else if (method != "GET") {
        set(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
    }
}

/// Only methods that have a body send one, be it empty.
void set_body(Exchange& exchange, const Request& request) {
    if (!request.body.open) {
        return;
    }
    CURL* easy = exchange.easy.get();
    exchange.body = request.body;
    exchange.source = exchange.body.open(0);
    set(easy, CURLOPT_UPLOAD, 1L);
    set(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.body.size));
    set(easy, CURLOPT_UPLOAD_BUFFERSIZE, kUploadBuffer);
    set(easy, CURLOPT_READFUNCTION, &on_read);
    set(easy, CURLOPT_READDATA, &exchange);
    set(easy, CURLOPT_SEEKFUNCTION, &on_seek);
    set(easy, CURLOPT_SEEKDATA, &exchange);
}

void set_headers(Exchange& exchange, const Request& request) {
    CURL* easy = exchange.easy.get();
    std::vector<std::string> lines;
    if (request.offset > 0) {
        set(easy, CURLOPT_RANGE, fmt::format("{}-", request.offset).c_str());
        if (!request.if_range.empty()) {
            lines.push_back("If-Range: " + request.if_range);
        }
    }
    if (request.freshness == Freshness::past_caches) {
        lines.emplace_back("Cache-Control: no-cache");
        lines.emplace_back("Pragma: no-cache");
    }
    if (request.body.open) {
        // No waiting for leave to send: refusals come while the body is on its way.
        lines.emplace_back("Expect:");
    }
    for (const auto& [name, value] : request.headers) {
        ensure(
            (name + value).find_first_of(BytesView("\r\n\0", 3)) == std::string::npos,
            "a header is one line");
        lines.push_back(fmt::format("{}: {}", name, value));
    }
    exchange.headers = make_list(lines);
    set(easy, CURLOPT_HTTPHEADER, exchange.headers.get());
}

void set_patience(CURL* easy, const Request& request, const Options& options) {
    const auto patience = static_cast<long>(std::max(1U, options.stall_seconds));
    set(easy, CURLOPT_CONNECTTIMEOUT, patience);
    set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(easy, CURLOPT_LOW_SPEED_TIME,
        request.body.size > 0 ? patience * kUploadPatience : patience);
}

} // namespace

void set_up(Exchange& exchange, const Request& request, const Options& options) {
    CURL* easy = exchange.easy.get();
    const bool secure = request.url.starts_with("https:");
    set(easy, CURLOPT_URL, request.url.c_str());
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_REDIR_PROTOCOLS_STR, secure ? "https" : "http,https");
    set(easy, CURLOPT_FOLLOWLOCATION, request.redirects == Redirects::follow ? 1L : 0L);
    set(easy, CURLOPT_MAXREDIRS, kMaxRedirects);
    set(easy, CURLOPT_UNRESTRICTED_AUTH, 0L);
    if (options.netrc) {
        set(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_OPTIONAL));
    }
    set(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
    set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    // Over TLS the first connection tells whether it can carry all requests; plain HTTP cannot.
    set(easy, CURLOPT_PIPEWAIT, secure ? 1L : 0L);
    set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set_patience(easy, request, options);
    set(easy, CURLOPT_ERRORBUFFER, exchange.message.data());
    set(easy, CURLOPT_HEADERFUNCTION, &on_header);
    set(easy, CURLOPT_HEADERDATA, &exchange);
    set(easy, CURLOPT_WRITEFUNCTION, &on_write);
    set(easy, CURLOPT_WRITEDATA, &exchange);
    set_tls(easy, options);
    set_method(easy, request.method);
    set_body(exchange, request);
    set_headers(exchange, request);
}

namespace {

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

} // namespace

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
    case CURLE_WRITE_ERROR:
        return failure(
            Ending::lasting, fmt::format("the head of the answer is over {} bytes", kMaxHead));
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

} // namespace pare::net
