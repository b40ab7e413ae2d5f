// SPDX-License-Identifier: Apache-2.0
// Each call borrows a transport with its connections and gives it back, so that as many connections
// are open as calls were ever made at once. Redirects are followed here and not by libcurl: what
// was signed in for one origin (scheme, host, port: RFC 6454) must not be heard by another, and a
// method other than GET keeps its body only where the status says so (RFC 9110, section 15.4).
#include "net/http.hh"

#include "net/body.hh"
#include "net/download.hh"
#include "net/retry.hh"
#include "net/url.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pare::net {

namespace {

using std::chrono::milliseconds;

/// So long may pass before a stop is seen.
constexpr milliseconds kTick{100};

constexpr int kMaxRedirects = 10;

constexpr const char* kLaterHint = "try again later";

bool same_name(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : +c; };
        return lower(a) == lower(b);
    });
}

/// Keeps the answer in memory.
class ReplyReceiver final : public Receiver {
public:
    explicit ReplyReceiver(std::uint64_t limit) : limit_(limit) {}

    Flow on_response(const Response& response) override {
        reply.status = response.status;
        reply.headers = response.headers;
        reply.retry_after = response.retry_after;
        return Flow::on;
    }

    Flow on_body(BytesView bytes) override {
        if (bytes.size() > limit_ - reply.body.size()) {
            throw Error(
                ErrorKind::refused, fmt::format("the answer is larger than {} bytes", limit_));
        }
        reply.body.append(bytes);
        return Flow::on;
    }

    Reply reply{};

private:
    std::uint64_t limit_;
};

/// Runs one exchange to its end.
Finish
run(Transport& transport, const Request& request, Receiver& receiver, const std::stop_token& stop) {
    transport.start(request, receiver);
    while (true) {
        if (stop.stop_requested()) {
            transport.drop_all();
            throw Error(ErrorKind::interrupted, "interrupted");
        }
        std::vector<Finish> ended = transport.advance(kTick);
        if (!ended.empty()) {
            return std::move(ended.front());
        }
    }
}

/// Whether a redirect is followed: by GET and HEAD any, by others those that keep the method.
bool is_followed(const Call& call, unsigned status) {
    const bool reads = call.method == "GET" || call.method == "HEAD";
    const bool moved = status == 301 || status == 302 || status == 303;
    return status == 307 || status == 308 || (moved && reads);
}

void leave_origin(Call& call, const std::string& target) {
    if (call.url.starts_with("https:") && !target.starts_with("https:")) {
        throw Error(
            ErrorKind::refused,
            fmt::format(
                "{} leads to {}, which is not encrypted", redacted(call.url), redacted(target)));
    }
    if (origin(call.url) != origin(target)) {
        std::erase_if(
            call.headers, [](const auto& line) { return same_name(line.first, "Authorization"); });
    }
    call.url = target;
}

} // namespace

Outgoing outgoing(Bytes bytes) {
    const auto kept = std::make_shared<const Bytes>(std::move(bytes));
    return {.size = kept->size(), .open = [kept](std::uint64_t offset) {
                return std::make_unique<ViewSource>(BytesView(*kept).substr(offset));
            }};
}

std::string Reply::header(std::string_view name) const {
    const auto found = std::find_if(headers.begin(), headers.end(), [name](const auto& line) {
        return same_name(line.first, name);
    });
    return found == headers.end() ? std::string() : found->second;
}

std::vector<std::string> Reply::all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : headers) {
        if (same_name(key, name)) {
            values.push_back(value);
        }
    }
    return values;
}

bool Reply::may_pass() const {
    return status == 0 ? !lasting : net::may_pass(status);
}

/// A transport for the time of one call.
class Http::Lease {
public:
    explicit Lease(Http& http) : http_(http) {
        const std::lock_guard lock(http_.mutex_);
        if (!http_.idle_.empty()) {
            transport_ = std::move(http_.idle_.back());
            http_.idle_.pop_back();
        }
    }

    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    ~Lease() {
        if (transport_) {
            const std::lock_guard lock(http_.mutex_);
            http_.idle_.push_back(std::move(transport_));
        }
    }

    Transport& transport() {
        if (!transport_) {
            transport_ = std::make_unique<Transport>(http_.options_);
        }
        return *transport_;
    }

private:
    Http& http_;
    std::unique_ptr<Transport> transport_{};
};

Http::Http(Options options, Events& events, std::stop_token stop)
    : options_(std::move(options)), events_(events), stop_(std::move(stop)) {}

Http::~Http() = default;

Reply Http::exchange(const Call& call) {
    const Request request{
        .url = call.url,
        .method = call.method,
        .headers = call.headers,
        .body = call.body,
        .redirects = Redirects::report};
    Lease lease(*this);
    ReplyReceiver receiver(call.limit);
    const Finish finish = run(lease.transport(), request, receiver, stop_);
    if (finish.error) {
        std::rethrow_exception(finish.error);
    }
    Reply reply = std::move(receiver.reply);
    reply.url = call.url;
    if (finish.ending != Ending::complete) {
        return {
            .url = call.url,
            .lasting = finish.ending == Ending::lasting,
            .cause = finish.cause,
            .hint = finish.hint.empty() ? kLaterHint : finish.hint};
    }
    if (reply.status >= 300 && reply.status < 400) {
        reply.redirect = resolve(call.url, reply.header("Location")).value_or("");
    }
    return reply;
}

Reply Http::once(const Call& call) {
    if (options_.offline) {
        throw no_answer(
            call, {.cause = "--offline forbids the network", .hint = "run this without --offline"},
            1);
    }
    Call next = call;
    for (int i = 0; i <= kMaxRedirects; ++i) {
        Reply reply = with_context("asking " + redacted(next.url), [&] { return exchange(next); });
        if (!is_followed(next, reply.status) || reply.redirect.empty()) {
            return reply;
        }
        leave_origin(next, reply.redirect);
    }
    return {
        .url = next.url,
        .lasting = true,
        .cause = fmt::format("more than {} redirects", kMaxRedirects)};
}

Reply Http::call(const Call& call) {
    const unsigned most = std::max(1U, options_.attempts);
    for (unsigned attempt = 1;; ++attempt) {
        Reply reply = once(call);
        if (!reply.may_pass() || attempt >= most) {
            if (reply.status == 0) {
                throw no_answer(call, reply, attempt);
            }
            return reply;
        }
        pause(backoff(attempt, options_, reply.retry_after), stop_);
    }
}

Fetched Http::fetch(const Transfer& transfer, const std::function<Headers()>& headers) {
    Download download(
        transfer, transfer.url,
        std::make_unique<FileBody>(
            transfer.destination, transfer.sha256.empty() ? Hashing::none : Hashing::sha256),
        options_, events_);
    Lease lease(*this);
    while (true) {
        Request request = download.next_request();
        try {
            request.headers = headers();
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::interrupted) {
                throw;
            }
            return {.error = std::current_exception()};
        }
        const Finish finish = run(lease.transport(), request, download, stop_);
        const Verdict verdict = download.conclude(finish);
        if (verdict.next != Verdict::Next::again) {
            return {.error = verdict.error, .status = download.status()};
        }
        pause(verdict.delay, stop_);
    }
}

std::string Http::rewritten(const std::string& url) const {
    return rewrite(url, options_.rewrites);
}

Error no_answer(const Call& call, const Reply& reply, unsigned attempts) {
    const std::string tried = attempts > 1 ? fmt::format(" (tried {} times)", attempts) : "";
    return {
        ErrorKind::environment,
        fmt::format("cannot reach {}: {}{}", redacted(call.url), reply.cause, tried), reply.hint};
}

} // namespace pare::net
