// SPDX-License-Identifier: Apache-2.0
#include "net/download.hh"
#include "net_fixture.hh"

#include <fmt/core.h>

#include <array>
#include <chrono>
#include <ctime>

using namespace pare;
using namespace pare::net;
using namespace pare::net::test;
using std::chrono::milliseconds;

namespace {

/// A download that is fed by hand.
struct Hand {
    NoEvents events{};
    Options options{.attempts = 4, .first_backoff_ms = 100};
    Download download{
        {.url = "http://example.test/a"},
        "http://example.test/a",
        std::make_unique<MemoryBody>(),
        options,
        events};

    Verdict answer(const Response& response) {
        static_cast<void>(download.next_request());
        download.on_response(response);
        return download.conclude({.receiver = &download});
    }
};

double seconds_of(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

TEST_CASE_FIXTURE(Fixture, "what may pass is asked for again: 408, 429 and 5xx") {
    for (const unsigned status : {408U, 429U, 500U, 502U, 503U, 504U}) {
        const std::string path = fmt::format("/{}", status);
        const Transfer transfer = serve(path, "text");
        server.add({.path = path, .times = 2, .status = status});
        CHECK_FALSE(fetch(transfer));
        CHECK(server.count(path) == 3);
    }
}

TEST_CASE_FIXTURE(Fixture, "other refusals of a server are final at once") {
    for (const unsigned status : {400U, 401U, 403U, 404U, 405U, 451U, 304U}) {
        const std::string path = fmt::format("/{}", status);
        server.add({.path = path, .status = status});
        const auto error = fetch({.url = server.url(path), .destination = destination()});
        REQUIRE(error);
        CHECK(error->kind() == ErrorKind::environment);
        CHECK(contains(
            error->message(), fmt::format("cannot fetch {}: {} ", server.url(path), status)));
        CHECK_FALSE(contains(error->message(), "tried"));
        CHECK(server.count(path) == 1);
    }
}

TEST_CASE_FIXTURE(Fixture, "a server that stays ill is given up after the attempts allowed") {
    server.add({.path = "/a", .status = 503});
    const auto error = fetch({.url = server.url("/a"), .destination = destination()});
    REQUIRE(error);
    CHECK(
        error->message() ==
        fmt::format("cannot fetch {}: 503 Service Unavailable (tried 3 times)", server.url("/a")));
    CHECK(contains(error->hint(), "--mirror"));
    CHECK(server.count("/a") == 3);
}

TEST_CASE("each wait is twice as long as the one before, and Retry-After makes it longer") {
    Hand hand;
    CHECK(hand.answer({.status = 503}).delay == milliseconds(100));
    CHECK(hand.answer({.status = 503}).delay == milliseconds(200));
    CHECK(
        hand.answer({.status = 429, .retry_after = std::chrono::seconds(7)}).delay ==
        milliseconds(7000));
    CHECK(hand.answer({.status = 503}).next == Verdict::Next::failed);
}

TEST_CASE("no server makes us wait longer than a minute") {
    Hand hand;
    const Verdict verdict = hand.answer({.status = 503, .retry_after = std::chrono::hours(5)});
    CHECK(verdict.next == Verdict::Next::again);
    CHECK(verdict.delay == milliseconds(60'000));
}

TEST_CASE("many attempts do not overflow the wait") {
    Hand hand;
    hand.options.attempts = 100;
    milliseconds longest{0};
    for (int i = 0; i < 90; ++i) {
        longest = std::max(longest, hand.answer({.status = 500}).delay);
    }
    CHECK(longest == milliseconds(60'000));
}

TEST_CASE_FIXTURE(Fixture, "Retry-After in seconds is honoured") {
    const Transfer transfer = serve("/a", "text");
    server.add({.path = "/a", .times = 1, .status = 429, .retry_after = "1"});
    CHECK(seconds_of([&] { CHECK_FALSE(fetch(transfer)); }) >= 1.0);
}

TEST_CASE_FIXTURE(Fixture, "Retry-After as a date is honoured") {
    const Transfer transfer = serve("/a", "text");
    const std::time_t then = std::time(nullptr) + 2;
    std::array<char, 64> date{};
    std::tm parts{};
    gmtime_r(&then, &parts);
    std::strftime(date.data(), date.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    server.add({.path = "/a", .times = 1, .status = 503, .retry_after = date.data()});
    CHECK_FALSE(fetch(transfer));
    CHECK(std::time(nullptr) >= then);
}

TEST_CASE_FIXTURE(Fixture, "a connection that is cut goes on where it ended") {
    const Bytes body = noise(200'000);
    const Transfer transfer = serve("/a", body);
    server.add({.path = "/a", .times = 1, .cut = 70'000});
    CHECK_FALSE(fetch(transfer));
    CHECK(read_file(destination()) == body);
    CHECK(server.body_sent("/a") == body.size());
    const auto requests = server.requests();
    REQUIRE(requests.size() == 2);
    CHECK(requests[1].header("Range") == "bytes=70000-");
    CHECK(requests[1].status == 206);
}

TEST_CASE_FIXTURE(Fixture, "a chunked body that is cut goes on too") {
    const Bytes body = noise(200'000);
    const Transfer transfer = serve("/a", body);
    server.add({.path = "/a", .times = 1, .cut = 64'000, .chunked = true});
    CHECK_FALSE(fetch(transfer));
    CHECK(server.body_sent("/a") == body.size());
}

TEST_CASE_FIXTURE(Fixture, "a server that ignores ranges starts anew, and so does the file") {
    const Bytes body = noise(100'000);
    const Transfer transfer = serve("/a", body);
    server.add({.path = "/a", .times = 1, .cut = 30'000});
    server.add({.path = "/a", .ignore_range = true});
    CHECK_FALSE(fetch(transfer));
    CHECK(read_file(destination()) == body);
    CHECK(server.body_sent("/a") == body.size() + 30'000);
}

TEST_CASE_FIXTURE(Fixture, "a range that is not satisfiable is followed by a new start") {
    const Bytes body = noise(100'000);
    const Transfer transfer = serve("/a", body);
    server.add({.path = "/a", .times = 1, .cut = 30'000});
    server.add({.path = "/a", .times = 1, .status = 416});
    CHECK_FALSE(fetch(transfer));
    CHECK(read_file(destination()) == body);
    const auto requests = server.requests();
    REQUIRE(requests.size() == 3);
    CHECK(requests[2].header("Range").empty());
}

TEST_CASE_FIXTURE(Fixture, "a range other than the one asked for is not taken") {
    const Bytes body = noise(100'000);
    for (const char* range :
         {"bytes 1-99999/100000", "bytes 30000-99999/7", "lines 1-2/3", "bytes x"}) {
        const Transfer transfer = serve("/a", body);
        const std::size_t before = server.count("/a");
        server.add({.path = "/a", .times = 1, .cut = 30'000});
        server.add({.path = "/a", .times = 1, .content_range = range});
        CHECK_FALSE(fetch(transfer));
        CHECK(read_file(destination()) == body);
        const auto requests = server.requests();
        CHECK(requests.size() == before + 3);
        CHECK(requests.back().header("Range").empty());
    }
}

TEST_CASE_FIXTURE(
    Fixture, "without a hash, pieces are joined only when the entity tag stands for them") {
    const Bytes body = noise(100'000);
    Transfer transfer = serve("/a", body);
    transfer.sha256.clear();
    server.add({.path = "/a", .times = 1, .cut = 30'000});
    CHECK_FALSE(fetch(transfer));
    CHECK(read_file(destination()) == body);
    CHECK(server.requests().at(1).status == 206);
    CHECK_FALSE(server.requests().at(1).header("If-Range").empty());

    server.add({.path = "/a", .times = 1, .cut = 30'000, .no_tag = true});
    CHECK_FALSE(fetch(transfer));
    CHECK(server.requests().at(3).header("Range").empty());
}

TEST_CASE_FIXTURE(Fixture, "a file that changes between two pieces is taken from its start") {
    const Bytes later(90'000, 'x');
    server.put("/a", noise(100'000));
    server.put("/later", later);
    server.add({.path = "/a", .times = 1, .cut = 30'000});
    server.add({.path = "/a", .redirect = server.url("/later")});
    CHECK_FALSE(fetch({.url = server.url("/a"), .destination = destination()}));
    CHECK(read_file(destination()) == later);
    CHECK(server.requests().back().header("Range") == "bytes=30000-");
}

TEST_CASE_FIXTURE(Fixture, "get is as stubborn as fetch") {
    const Bytes body = noise(50'000);
    server.put("/a", body);
    server.add({.path = "/a", .times = 1, .cut = 20'000});
    server.add({.path = "/a", .times = 1, .status = 500});
    Client client(options, events);
    CHECK(client.get(server.url("/a"), 50'000, Stage::index) == body);
}

TEST_CASE_FIXTURE(Fixture, "a server that hangs up without an answer is asked again") {
    const Transfer transfer = serve("/a", "text");
    server.add({.path = "/a", .times = 2, .drop = true});
    CHECK_FALSE(fetch(transfer));
    server.add({.path = "/b", .drop = true});
    const auto error = fetch({.url = server.url("/b"), .destination = destination()});
    REQUIRE(error);
    CHECK(
        error->message() ==
        fmt::format(
            "cannot fetch {}: the server closed the connection without an answer (tried 3 times)",
            server.url("/b")));
}

TEST_CASE_FIXTURE(Fixture, "a body shorter than its Content-Length is a cut connection") {
    const Bytes body = noise(10'000);
    Transfer transfer = serve("/a", body);
    transfer.size.reset();
    transfer.sha256.clear();
    server.add({.path = "/a", .length = 20'000});
    const auto error = fetch(transfer);
    REQUIRE(error);
    CHECK(contains(error->message(), "cut"));
    CHECK(files().empty());
}

TEST_CASE_FIXTURE(Fixture, "a connection that stalls counts as cut and is resumed") {
    const Bytes body = noise(10'000);
    const Transfer transfer = serve("/a", body);
    server.add({.path = "/a", .times = 1, .stall = 4'000});
    CHECK_FALSE(fetch(transfer));
    CHECK(read_file(destination()) == body);
    CHECK(server.body_sent("/a") == body.size());
}

TEST_CASE_FIXTURE(Fixture, "a server that says nothing at all is told of as such") {
    options.attempts = 2;
    const Transfer transfer = serve("/a", "text");
    server.add({.path = "/a", .stall = 0});
    const auto error = fetch(transfer);
    REQUIRE(error);
    CHECK(contains(error->message(), "no data for 1 s (tried 2 times)"));
}

TEST_CASE_FIXTURE(Fixture, "a refused connection is tried again, then named") {
    std::string url;
    {
        const FaultServer closed;
        url = closed.url("/a");
    }
    const auto error = fetch({.url = url, .destination = destination()});
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::environment);
    CHECK(
        error->message() ==
        fmt::format("cannot fetch {}: connection refused (tried 3 times)", url));
    CHECK(contains(error->hint(), "proxy"));
}

TEST_CASE_FIXTURE(Fixture, "a host that does not exist is named") {
    options.attempts = 1;
    const auto error = fetch({.url = "http://pare.invalid/a", .destination = destination()});
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::environment);
    CHECK(contains(error->message(), "cannot fetch http://pare.invalid/a: "));
}
