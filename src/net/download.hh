// SPDX-License-Identifier: Apache-2.0
// One download, from its first request to its last: what to ask for next, what of an answer to
// take, and whether to try again. Knows no connection and no clock.
#pragma once

#include "net/body.hh"
#include "net/transport.hh"
#include "support/events.hh"

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace pare::net {

/// What follows from the end of an exchange.
struct Verdict {
    enum class Next { kept, again, failed };

    Next next = Next::kept;
    std::chrono::milliseconds delay{0}; ///< before the next request
    std::exception_ptr error{};         ///< of failed
};

class Download final : public Receiver {
public:
    /// `real_url` is what is asked for in place of `transfer.url`; `options` and `events` must
    /// outlive the download.
    Download(
        Transfer transfer, std::string real_url, std::unique_ptr<Body> body, const Options& options,
        Events& events);

    [[nodiscard]] const std::string& real_url() const { return real_url_; }

    /// The request to make now; counts as one attempt.
    [[nodiscard]] Request next_request();
    Flow on_response(const Response& response) override;
    Flow on_body(BytesView bytes) override;
    [[nodiscard]] Verdict conclude(const Finish& finish);

    /// Whether the last answer was that there is no such thing (404, 410, no such file).
    [[nodiscard]] bool is_absent() const { return absent_; }

    /// Of the last answer; 0 when there was none.
    [[nodiscard]] unsigned status() const { return response_.status; }

    /// An error about this download: `cannot fetch URL: cause`.
    [[nodiscard]] Error error(const std::string& cause, const std::string& hint) const;

private:
    enum class Trouble { none, too_large, wrong_range };

    [[nodiscard]] bool can_resume() const;

    [[nodiscard]] std::uint64_t limit() const { return transfer_.size.value_or(transfer_.limit); }

    [[nodiscard]] bool is_good() const;

    void begin_activity(const Response& response);
    Verdict decide(const Finish& finish);
    Verdict judge_status();
    Verdict judge_body();
    Verdict too_large();
    Verdict mismatch(const std::string& difference);
    Verdict again(
        const std::string& cause, const std::string& hint,
        std::chrono::milliseconds least_delay = std::chrono::milliseconds(0));
    Verdict failed(const std::string& cause, const std::string& hint) const;

    Transfer transfer_;
    std::string real_url_;
    std::unique_ptr<Body> body_;
    const Options& options_;
    Events& events_;
    std::optional<Activity> activity_{};
    std::uint64_t told_ = 0; ///< bytes that the activity has been told of

    unsigned attempts_ = 0;
    Freshness freshness_ = Freshness::any;
    bool ranges_work_ = true;
    bool absent_ = false;
    std::string entity_tag_{}; ///< of the bytes in the body

    // Of the exchange under way:
    Response response_{};
    Trouble trouble_ = Trouble::none;
    std::uint64_t offset_ = 0;
    std::uint64_t ignored_ = 0;
};

} // namespace pare::net
