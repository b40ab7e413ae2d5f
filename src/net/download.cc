// SPDX-License-Identifier: Apache-2.0
// The rules of trying again. 408, 429, 5xx and connections that are refused, cut or stalled may
// pass: another try follows, later each time, from the byte where the last one ended when the hash
// or the server's entity tag (RFC 9110, sections 13.1.5 and 14.2) will tell whether the pieces
// belong together. Any other answer lasts. A body of the wrong size or hash is asked for once
// more, from zero and past caches, and refused then; one beyond its limit is cut off at once.
#include "net/download.hh"

#include "net/retry.hh"
#include "net/url.hh"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pare::net {

namespace {

using std::chrono::milliseconds;

/// Bodies of error pages are read up to here, which keeps the connection, and no further.
constexpr std::uint64_t kIgnoredLimit = 65'536;

constexpr const char* kTryLaterHint = "try again later, or choose another mirror with --mirror";

constexpr const char* kOrMirror = ", or choose another mirror with --mirror";

constexpr const char* kMismatchHint =
    "the mirror may be in the middle of an update, or a proxy may have changed the bytes: try "
    "again later, or choose another mirror with --mirror";

std::string hint_for(unsigned status) {
    switch (status) {
    case 401:
        return "give the user and password of that host in ~/.netrc";
    case 403:
        return "check that the credentials in ~/.netrc and the proxy allow this URL";
    case 404:
    case 410:
        return "check the URL; the mirror may lack the file: choose another with --mirror";
    case 407:
        return "put the user and password of the proxy into https_proxy or http_proxy";
    default:
        return kTryLaterHint;
    }
}

} // namespace

Download::Download(
    Transfer transfer, std::string real_url, std::unique_ptr<Body> body, const Options& options,
    Events& events)
    : transfer_(std::move(transfer)), real_url_(std::move(real_url)), body_(std::move(body)),
      options_(options), events_(events) {}

bool Download::can_resume() const {
    return ranges_work_ && body_->size() > 0 && body_->size() < limit() &&
           (!transfer_.sha256.empty() || !entity_tag_.empty());
}

Request Download::next_request() {
    ++attempts_;
    if (!can_resume()) {
        body_->restart();
    }
    response_ = {};
    trouble_ = Trouble::none;
    ignored_ = 0;
    offset_ = body_->size();
    Request request{.url = real_url_, .offset = offset_, .freshness = freshness_};
    // With a hash the pieces may come from different servers of one name, whose tags differ.
    if (transfer_.sha256.empty()) {
        request.if_range = entity_tag_;
    }
    return request;
}

bool Download::is_good() const {
    return response_.status == 200 || response_.status == 206;
}

void Download::begin_activity(const Response& response) {
    if (!activity_) {
        const std::uint64_t total =
            response.length ? offset_ + *response.length : transfer_.size.value_or(0);
        activity_.emplace(
            events_, transfer_.stage,
            transfer_.name.empty() ? redacted(transfer_.url) : transfer_.name, total);
    }
}

Flow Download::on_response(const Response& response) {
    response_ = response;
    if (!is_good()) {
        return Flow::on;
    }
    if (response.status == 200) {
        body_->restart();
        offset_ = 0;
        entity_tag_ = response.entity_tag;
    } else {
        const auto range = parse_content_range(response.content_range);
        const std::uint64_t total = transfer_.size.value_or(0);
        if (!range || offset_ == 0 || range->first != offset_ ||
            (total != 0 && range->total && *range->total != total)) {
            trouble_ = Trouble::wrong_range;
            return Flow::stop;
        }
    }
    if (response.length && *response.length > limit() - offset_) {
        trouble_ = Trouble::too_large;
        return Flow::stop;
    }
    begin_activity(response);
    return Flow::on;
}

Flow Download::on_body(BytesView bytes) {
    if (!is_good()) {
        ignored_ += bytes.size();
        return ignored_ > kIgnoredLimit ? Flow::stop : Flow::on;
    }
    if (bytes.size() > limit() - body_->size()) {
        trouble_ = Trouble::too_large;
        return Flow::stop;
    }
    body_->write(bytes);
    // After a new start the same bytes come again: they are told of once.
    if (activity_ && body_->size() > told_) {
        activity_->advance(body_->size() - told_);
        told_ = body_->size();
    }
    return Flow::on;
}

Verdict Download::conclude(const Finish& finish) {
    Verdict verdict = decide(finish);
    if (verdict.next == Verdict::Next::failed) {
        // Others of the same call still run: they may need the descriptor and the room on the disk.
        body_->restart();
    }
    if (verdict.next != Verdict::Next::again) {
        activity_.reset();
    }
    return verdict;
}

Verdict Download::decide(const Finish& finish) {
    if (finish.error) {
        return {.next = Verdict::Next::failed, .error = finish.error};
    }
    if (trouble_ == Trouble::too_large) {
        return too_large();
    }
    if (trouble_ == Trouble::wrong_range) {
        ranges_work_ = false;
        return offset_ > 0 ? again("the server sends another range than was asked for", {})
                           : failed("the server sends a range that nobody asked for", {});
    }
    switch (finish.ending) {
    case Ending::passing:
        return again(finish.cause, finish.hint.empty() ? kTryLaterHint : finish.hint + kOrMirror);
    case Ending::absent:
        absent_ = true;
        return failed(finish.cause, finish.hint);
    case Ending::lasting:
        return failed(finish.cause, finish.hint);
    case Ending::complete:
        break;
    }
    return is_good() ? judge_body() : judge_status();
}

Verdict Download::judge_status() {
    const unsigned status = response_.status;
    const std::string cause = status_text(status);
    if (status == 416 && offset_ > 0) {
        ranges_work_ = false;
        return again(cause, hint_for(status));
    }
    if (may_pass(status)) {
        return again(cause, hint_for(status), response_.retry_after);
    }
    absent_ = status == 404 || status == 410;
    return failed(cause, hint_for(status));
}

Verdict Download::judge_body() {
    if (transfer_.size && body_->size() != *transfer_.size) {
        return mismatch(fmt::format("expected {} bytes, got {}", *transfer_.size, body_->size()));
    }
    if (!transfer_.sha256.empty()) {
        const std::string got = body_->sha256();
        if (got != transfer_.sha256) {
            return mismatch(fmt::format("expected SHA-256 {}, got {}", transfer_.sha256, got));
        }
    }
    try {
        body_->keep();
    } catch (const Error&) {
        return {.next = Verdict::Next::failed, .error = std::current_exception()};
    }
    return {};
}

Verdict Download::too_large() {
    if (transfer_.size) {
        const auto announced = response_.length ? offset_ + *response_.length : 0;
        return mismatch(
            announced > *transfer_.size
                ? fmt::format("expected {} bytes, got {}", *transfer_.size, announced)
                : fmt::format("expected {} bytes, got more", *transfer_.size));
    }
    body_->restart();
    return {
        .next = Verdict::Next::failed,
        .error = std::make_exception_ptr(Error(
            ErrorKind::refused, fmt::format(
                                    "{} is larger than the {} bytes allowed",
                                    redacted(transfer_.url), transfer_.limit)))};
}

Verdict Download::mismatch(const std::string& difference) {
    body_->restart();
    if (freshness_ == Freshness::any) {
        freshness_ = Freshness::past_caches;
        attempts_ = 0;
        return {.next = Verdict::Next::again};
    }
    return {
        .next = Verdict::Next::failed,
        .error = std::make_exception_ptr(Error(
            ErrorKind::refused,
            fmt::format("{} does not hold what it should: {}", redacted(transfer_.url), difference),
            kMismatchHint))};
}

Verdict
Download::again(const std::string& cause, const std::string& hint, milliseconds least_delay) {
    if (attempts_ >= std::max(1U, options_.attempts)) {
        return failed(cause, hint);
    }
    return {.next = Verdict::Next::again, .delay = backoff(attempts_, options_, least_delay)};
}

Verdict Download::failed(const std::string& cause, const std::string& hint) const {
    return {.next = Verdict::Next::failed, .error = std::make_exception_ptr(error(cause, hint))};
}

Error Download::error(const std::string& cause, const std::string& hint) const {
    const std::string shown = redacted(transfer_.url);
    const std::string real = redacted(real_url_);
    const std::string tried = attempts_ > 1 ? fmt::format(" (tried {} times)", attempts_) : "";
    const std::string url =
        real == shown ? shown : fmt::format("{} (rewritten to {})", shown, real);
    return {ErrorKind::environment, fmt::format("cannot fetch {}: {}{}", url, cause, tried), hint};
}

} // namespace pare::net
