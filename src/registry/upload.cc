// SPDX-License-Identifier: Apache-2.0
// Blobs on their way into a registry (distribution specification 1.1, "Pushing blobs"). A session
// has a URL, which every answer may change. Small blobs go in one PUT, large ones in PATCHes of a
// chunk, so that a connection that is cut costs a chunk at most. After a cut the session is asked
// how far it came; a registry that does not know gets the blob again from its start, unless it
// turns out to have it by now: the answer alone may have been lost.
#include "net/retry.hh"
#include "net/url.hh"
#include "registry/repository.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pare::registry {

namespace {

/// The bytes from `offset` on, `size` of them.
net::Outgoing part_of(const net::Outgoing& bytes, std::uint64_t offset, std::uint64_t size) {
    /// Ends before its source does.
    class LimitedSource final : public Source {
    public:
        LimitedSource(std::unique_ptr<Source> source, std::uint64_t left)
            : source_(std::move(source)), left_(left) {}

        std::size_t read(char* buffer, std::size_t size) override {
            const std::size_t count = source_->read(
                buffer, static_cast<std::size_t>(std::min<std::uint64_t>(size, left_)));
            left_ -= count;
            return count;
        }

    private:
        std::unique_ptr<Source> source_;
        std::uint64_t left_;
    };

    return {.size = size, .open = [open = bytes.open, offset, size](std::uint64_t from) {
                return std::make_unique<LimitedSource>(open(offset + from), size - from);
            }};
}

std::string blob_name(const oci::Descriptor& blob) {
    return fmt::format("send {}", blob.digest);
}

} // namespace

/// An upload under way.
struct Repository::Session {
    std::string url{};        ///< where the next request goes
    std::uint64_t offset = 0; ///< bytes that the registry has
    std::uint64_t least = 0;  ///< its smallest chunk
    bool is_done = false;     ///< the registry has the blob
    net::Reply last{};        ///< what went wrong

    /// Takes the session's next URL from an answer. False when there is none.
    bool move(const net::Reply& reply) {
        const std::string location = reply.header("Location");
        const auto next = net::resolve(reply.url, location);
        url = next.value_or(url);
        return next.has_value();
    }
};

bool Repository::has_blob(const oci::Descriptor& blob) {
    const net::Reply reply = send({.method = "HEAD", .url = url("blobs/" + blob.digest)});
    if (reply.status == 404) {
        return false;
    }
    expect_status(reply, {200}, endpoint_.host(), fmt::format("find {}", blob.digest));
    const auto size = parse_number(reply.header("Content-Length"));
    return !size || *size == blob.size;
}

bool Repository::mount_blob(const oci::Descriptor& blob, const std::string& from) {
    Scopes both = scopes();
    both.push_back(fmt::format("repository:{}:pull", from));
    const net::Reply reply = endpoint_.send(
        {.method = "POST",
         .url = url(fmt::format(
             "blobs/uploads/?mount={}&from={}", net::percent_encoded(blob.digest),
             net::percent_encoded(from))),
         .body = net::outgoing({})},
        both);
    if (reply.status == 202) {
        // A session that nobody needs.
        if (const auto session = net::resolve(reply.url, reply.header("Location"))) {
            static_cast<void>(endpoint_.send_once({.method = "DELETE", .url = *session}, scopes()));
        }
    }
    return reply.status == 201;
}

Repository::Session Repository::begin_upload(const oci::Descriptor& blob) const {
    const net::Reply reply =
        send({.method = "POST", .url = url("blobs/uploads/"), .body = net::outgoing({})});
    expect_status(reply, {202}, endpoint_.host(), blob_name(blob));
    Session session;
    if (!session.move(reply)) {
        throw Error(
            ErrorKind::environment,
            fmt::format("cannot {}: {} does not say where to", blob_name(blob), endpoint_.host()));
    }
    session.least = parse_number(reply.header("OCI-Chunk-Min-Length")).value_or(0);
    return session;
}

/// Closes the session. False when it has to be recovered.
bool Repository::finish_upload(Session& session, const oci::Descriptor& blob) const {
    return send_whole(session, blob, net::outgoing({}));
}

/// Sends `bytes`, the last of the blob. False when the session has to be recovered.
bool Repository::send_whole(
    Session& session, const oci::Descriptor& blob, const net::Outgoing& bytes) const {
    const char* mark = session.url.find('?') == std::string::npos ? "?" : "&";
    net::Reply reply = endpoint_.send_once(
        {.method = "PUT",
         .url = session.url + mark + "digest=" + net::percent_encoded(blob.digest),
         .headers = {{"Content-Type", "application/octet-stream"}},
         .body = bytes},
        scopes());
    session.is_done = reply.status == 201 || reply.status == 204;
    session.last = std::move(reply);
    return session.is_done;
}

bool Repository::send_chunks(
    Session& session, const oci::Descriptor& blob, const net::Outgoing& bytes) const {
    while (session.offset < blob.size) {
        const std::uint64_t size = std::min(
            std::max({sizes_.chunk, session.least, std::uint64_t{1}}), blob.size - session.offset);
        net::Reply reply = endpoint_.send_once(
            {.method = "PATCH",
             .url = session.url,
             .headers =
                 {{"Content-Type", "application/octet-stream"},
                  {"Content-Range",
                   fmt::format("{}-{}", session.offset, session.offset + size - 1)}},
             .body = part_of(bytes, session.offset, size)},
            scopes());
        if (reply.status != 202 && reply.status != 201 && reply.status != 204) {
            session.last = std::move(reply);
            return false;
        }
        session.move(reply);
        const auto range = parse_upload_range(reply.header("Range"));
        session.offset = range ? std::min(*range + 1, blob.size) : session.offset + size;
    }
    return finish_upload(session, blob);
}

/// Asks how far the session came; begins another one where that is not known.
void Repository::recover(Session& session, const oci::Descriptor& blob) const {
    const net::Reply reply = send({.url = session.url});
    const auto range = parse_upload_range(reply.header("Range"));
    // "0-0" is one byte or none.
    const bool is_known = (reply.status == 204 || reply.status == 202) && range && *range > 0;
    if (is_known && session.move(reply)) {
        session.offset = std::min(*range + 1, blob.size);
        return;
    }
    const net::Reply known = send({.method = "HEAD", .url = url("blobs/" + blob.digest)});
    if (known.status == 200) {
        session.is_done = true;
        return;
    }
    session = begin_upload(blob);
}

void Repository::put_blob(const oci::Descriptor& blob, const net::Outgoing& bytes) {
    net::Http& http = endpoint_.http();
    Session session = begin_upload(blob);
    const unsigned most = std::max(1U, http.options().attempts);
    for (unsigned failures = 1; !session.is_done; ++failures) {
        const std::uint64_t before = session.offset;
        const bool whole = session.offset == 0 && blob.size <= sizes_.whole;
        if (whole ? send_whole(session, blob, bytes) : send_chunks(session, blob, bytes)) {
            return;
        }
        const net::Reply& last = session.last;
        // Sessions get lost (404), or stand elsewhere than we think (416).
        const bool lost = last.status == 404 || last.status == 416;
        if ((!last.may_pass() && !lost) || failures >= most) {
            throw refusal(last, endpoint_.host(), blob_name(blob));
        }
        net::pause(net::backoff(failures, http.options(), last.retry_after), http.stop());
        recover(session, blob);
        // A session that gets on may be cut as often as it likes.
        failures = session.offset > before ? 0 : failures;
    }
}

} // namespace pare::registry
