// SPDX-License-Identifier: Apache-2.0
#include "net_fixture.hh"

#include <fmt/core.h>

#include <chrono>
#include <stop_token>
#include <thread>

using namespace pare;
using namespace pare::net;
using namespace pare::net::test;

namespace {

constexpr std::uint64_t kPlenty = 1 << 20;

} // namespace

TEST_CASE_FIXTURE(Fixture, "http_proxy sends requests to the proxy, with the whole URL") {
    const Variable through("http_proxy", server.url().c_str());
    const Variable direct("no_proxy", nullptr);
    server.put("/debian/a", "text");
    Client client(options, events);
    CHECK(client.get("http://pare.invalid/debian/a", kPlenty, Stage::index) == "text");
    REQUIRE(server.requests().size() == 1);
    CHECK(server.requests()[0].target == "http://pare.invalid/debian/a");
}

TEST_CASE_FIXTURE(Fixture, "no_proxy keeps a host from the proxy") {
    const FaultServer proxy;
    const Variable through("http_proxy", proxy.url().c_str());
    server.put("/a", "text");
    Client client(options, events);
    CHECK(client.get(server.url("/a"), kPlenty, Stage::index) == "text");
    CHECK(proxy.requests().empty());
}

TEST_CASE_FIXTURE(
    Fixture, "a proxy that refuses a tunnel is told of, and asked again when it is ill") {
    const Variable through("https_proxy", server.url().c_str());
    const Variable direct("no_proxy", nullptr);
    server.add({.times = 1, .status = 407});
    server.add({.status = 502});
    const Transfer transfer{.url = "https://pare.invalid/a", .destination = destination()};
    auto error = fetch(transfer);
    REQUIRE(error);
    CHECK(
        error->message() ==
        "cannot fetch https://pare.invalid/a: the proxy answers 407 Proxy Authentication Required");
    CHECK(contains(error->hint(), "https_proxy"));
    error = fetch(transfer);
    REQUIRE(error);
    CHECK(contains(error->message(), "the proxy answers 502 Bad Gateway (tried 3 times)"));
    CHECK(server.requests().size() == 4);
}

TEST_CASE_FIXTURE(Fixture, "user and password of the URL are sent, and are in no message") {
    server.put("/a", "text");
    server.add({.path = "/a", .credentials = "me:secret"});
    Client client(options, events);
    const auto url = [this](const char* user) {
        return fmt::format("http://{}@127.0.0.1:{}/a", user, server.port());
    };
    CHECK(client.get(url("me:secret"), kPlenty, Stage::index) == "text");
    const Error error =
        error_of([&] { return client.get(url("me:wrong"), kPlenty, Stage::index); });
    CHECK(
        error.message() ==
        fmt::format("cannot fetch http://***@127.0.0.1:{}/a: 401 Unauthorized", server.port()));
    CHECK(contains(error.hint(), "netrc"));
}

TEST_CASE_FIXTURE(Fixture, "~/.netrc gives the password of its host only") {
    const TemporaryDirectory home;
    write_file(home.path() / ".netrc", "machine 127.0.0.1 login me password secret\n");
    const Variable variable("HOME", home.path().c_str());
    const std::string other = fmt::format("http://localhost:{}/b", server.port());
    server.put("/a", "text");
    server.put("/b", "text");
    server.add({.path = "/a", .credentials = "me:secret"});
    Client client(options, events);
    CHECK(client.get(server.url("/a"), kPlenty, Stage::index) == "text");
    CHECK(client.get(other, kPlenty, Stage::index) == "text");
    REQUIRE(server.requests().size() == 2);
    CHECK(server.requests()[1].header("Authorization").empty());
}

TEST_CASE_FIXTURE(Fixture, "a redirect to another host takes no credentials along") {
    FaultServer other;
    other.put("/b", "text");
    server.put("/same", "text");
    const std::string elsewhere = fmt::format("http://localhost:{}/b", other.port());
    server.add({.path = "/a", .redirect = elsewhere});
    server.add({.path = "/port", .redirect = other.url("/b")});
    server.add({.path = "/here", .redirect = server.url("/same")});
    Client client(options, events);
    const std::string base = fmt::format("http://me:secret@127.0.0.1:{}", server.port());
    for (const char* path : {"/a", "/port", "/here"}) {
        CHECK(client.get(base + path, kPlenty, Stage::index) == "text");
    }
    for (const auto& request : server.requests()) {
        CHECK_FALSE(request.header("Authorization").empty());
    }
    REQUIRE(other.requests().size() == 2);
    for (const auto& request : other.requests()) {
        CHECK(request.header("Authorization").empty());
    }
}

TEST_CASE_FIXTURE(
    Fixture, "a rewritten URL is asked for in place of the first, and both are named") {
    server.put("/mirror/pool/a", "text");
    options.rewrites = {{"http://pare.invalid/debian", server.url("/mirror")}};
    Client client(options, events);
    CHECK(client.rewritten("http://pare.invalid/debian/x") == server.url("/mirror/x"));
    CHECK(client.get("http://pare.invalid/debian/pool/a", kPlenty, Stage::index) == "text");
    server.add({.path = "/mirror/b", .status = 403});
    const Error error =
        error_of([&] { return client.get("http://pare.invalid/debian/b", kPlenty, Stage::index); });
    CHECK(
        error.message() ==
        fmt::format(
            "cannot fetch http://pare.invalid/debian/b (rewritten to {}): 403 Forbidden",
            server.url("/mirror/b")));
}

TEST_CASE_FIXTURE(Fixture, "a directory can be a mirror, by its path or its URL") {
    const Bytes body = noise(700'000);
    const TemporaryDirectory mirror;
    make_directories(mirror.path() / "pool dir");
    write_file(mirror.path() / "pool dir" / "a~1+b.deb", body);
    const Transfer transfer{
        .url = "https://pare.invalid/debian/pool%20dir/a~1%2bb.deb",
        .destination = destination(),
        .size = body.size(),
        .sha256 = hash_hex(body)};
    for (const std::string& to :
         {mirror.path().string(), "file://" + mirror.path().string() + "/"}) {
        options.rewrites = {{"https://pare.invalid/debian/", to}};
        CHECK_FALSE(fetch(transfer));
        CHECK(read_file(destination()) == body);
    }
    CHECK(events.advanced == 2 * body.size());
    CHECK(server.connections() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a file that is missing, wrong or no file is told like a download") {
    const TemporaryDirectory mirror;
    write_file(mirror.path() / "a", "text");
    const std::string base = "file://" + mirror.path().string();
    Client client(options, events);
    CHECK(client.get(base + "/a", kPlenty, Stage::index) == "text");
    CHECK_FALSE(client.get(base + "/missing", kPlenty, Stage::index));
    CHECK_THROWS_AS(static_cast<void>(client.get(base, kPlenty, Stage::index)), Error);
    CHECK_THROWS_AS(static_cast<void>(client.get(base + "/a", 3, Stage::index)), Error);

    auto error = fetch({.url = base + "/missing", .destination = destination()});
    REQUIRE(error);
    CHECK(error->message() == fmt::format("cannot fetch {}/missing: no such file", base));
    error = fetch({.url = base + "/a", .destination = destination(), .sha256 = hash_hex("other")});
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::refused);
    CHECK(files().empty());
}

TEST_CASE_FIXTURE(
    Fixture, "offline, the network is not asked and the message says why; files are read") {
    options.offline = true;
    const auto error = fetch(serve("/a", "text"));
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::environment);
    CHECK(
        error->message() ==
        fmt::format("cannot fetch {}: --offline forbids the network", server.url("/a")));
    CHECK_FALSE(error->hint().empty());
    CHECK(server.connections() == 0);

    const TemporaryDirectory mirror;
    write_file(mirror.path() / "a", "text");
    options.rewrites = {{server.url(), mirror.path().string()}};
    CHECK_FALSE(fetch(serve("/a", "text")));
    CHECK(read_file(destination()) == "text");
}

TEST_CASE_FIXTURE(Fixture, "an unknown scheme is refused before anything is asked") {
    const auto error = fetch({.url = "ftp://127.0.0.1/a", .destination = destination()});
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::definition);
    CHECK(contains(error->message(), "only http, https and file"));
}

TEST_CASE_FIXTURE(Fixture, "a URL that is none is told as such, at once") {
    const auto error = fetch({.url = "http://a b/c", .destination = destination()});
    REQUIRE(error);
    CHECK(error->message() == "cannot fetch http://a b/c: this is no valid URL");
    CHECK_FALSE(error->hint().empty());
}

TEST_CASE_FIXTURE(
    Fixture, "a stop ends a stalled transfer and a long wait at once, and leaves no file") {
    options.stall_seconds = 600;
    server.put("/stalled", noise(1000));
    server.add({.path = "/stalled", .stall = 500});
    server.add({.path = "/busy", .status = 503, .retry_after = "600"});
    for (const char* path : {"/stalled", "/busy"}) {
        Client client(options, events);
        std::stop_source stop;
        const std::jthread stopper([&stop] {
            std::this_thread::sleep_for(std::chrono::milliseconds(150));
            stop.request_stop();
        });
        const Error error = error_of([&] {
            client.fetch(
                {{.url = server.url(path), .destination = destination()}},
                [](std::size_t, const Outcome&) { FAIL("nothing has ended"); }, stop.get_token());
        });
        CHECK(error.kind() == ErrorKind::interrupted);
        CHECK(files().empty());
    }
}

TEST_CASE_FIXTURE(Fixture, "a client works on after an interrupted call") {
    server.put("/a", "text");
    Client client(options, events);
    std::stop_source stop;
    stop.request_stop();
    CHECK_THROWS_AS(
        static_cast<void>(client.get(server.url("/a"), kPlenty, Stage::index, stop.get_token())),
        Error);
    CHECK(client.get(server.url("/a"), kPlenty, Stage::index) == "text");
}

TEST_CASE_FIXTURE(Fixture, "what a done function throws ends the fetch and reaches the caller") {
    struct Surprise {};

    const Transfer transfer = serve("/a", "text");
    Client client(options, events);
    CHECK_THROWS_AS(
        client.fetch({transfer}, [](std::size_t, const Outcome&) { throw Surprise(); }), Surprise);
    CHECK_FALSE(fetch_by(client, transfer));
}

TEST_CASE_FIXTURE(Fixture, "calls from several threads take turns") {
    server.put("/a", "text");
    Client client(options, events);
    std::vector<std::jthread> threads;
    std::atomic<int> good{0};
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int k = 0; k < 10; ++k) {
                good += client.get(server.url("/a"), kPlenty, Stage::index) == "text" ? 1 : 0;
            }
        });
    }
    threads.clear();
    CHECK(good == 40);
    CHECK(server.connections() == 1);
}
