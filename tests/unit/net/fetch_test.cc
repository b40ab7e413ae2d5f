// SPDX-License-Identifier: Apache-2.0
#include "net_fixture.hh"

#include <fmt/core.h>

#include <set>

using namespace pare;
using namespace pare::net;
using namespace pare::net::test;

namespace {

constexpr std::uint64_t kPlenty = 1 << 20;

} // namespace

TEST_CASE_FIXTURE(
    Fixture, "a fetched file stands whole at its destination, and nothing beside it") {
    const Bytes body = noise(300'000);
    const Transfer transfer = serve("/pool/a.deb", body);
    CHECK_FALSE(fetch(transfer));
    CHECK(read_file(destination()) == body);
    CHECK(files() == std::vector<std::string>{"file"});
    CHECK(server.count("/pool/a.deb") == 1);
}

TEST_CASE_FIXTURE(Fixture, "missing parents of a destination are made, an old file is replaced") {
    Transfer transfer = serve("/a", "new");
    transfer.destination = directory.path() / "ab" / "cd" / "file";
    CHECK_FALSE(fetch(transfer));
    server.put("/a", "newer");
    transfer.size = 5;
    transfer.sha256 = hash_hex("newer");
    CHECK_FALSE(fetch(transfer));
    CHECK(read_file(transfer.destination) == "newer");
}

TEST_CASE_FIXTURE(Fixture, "an empty body makes an empty file") {
    CHECK_FALSE(fetch(serve("/empty", "")));
    CHECK(read_file(destination()).empty());
}

TEST_CASE_FIXTURE(Fixture, "a chunked body is put together") {
    const Bytes body = noise(100'000);
    const Transfer transfer = serve("/a", body);
    server.add({.path = "/a", .chunked = true});
    CHECK_FALSE(fetch(transfer));
    CHECK(read_file(destination()) == body);
}

TEST_CASE_FIXTURE(
    Fixture, "get gives the body, nothing for 404 and 410, and an error for the rest") {
    server.put("/a", "text");
    server.add({.path = "/gone", .status = 410});
    server.add({.path = "/secret", .status = 403});
    Client client(options, events);
    CHECK(client.get(server.url("/a"), kPlenty, Stage::index) == "text");
    CHECK_FALSE(client.get(server.url("/missing"), kPlenty, Stage::index));
    CHECK_FALSE(client.get(server.url("/gone"), kPlenty, Stage::index));
    const Error error =
        error_of([&] { return client.get(server.url("/secret"), kPlenty, Stage::index); });
    CHECK(error.kind() == ErrorKind::environment);
    CHECK(error.message() == fmt::format("cannot fetch {}: 403 Forbidden", server.url("/secret")));
    CHECK_FALSE(error.hint().empty());
}

TEST_CASE_FIXTURE(Fixture, "get takes as many bytes as its limit and refuses one more") {
    server.put("/a", "12345");
    Client client(options, events);
    CHECK(client.get(server.url("/a"), 5, Stage::index) == "12345");
    const Error error = error_of([&] { return client.get(server.url("/a"), 4, Stage::index); });
    CHECK(error.kind() == ErrorKind::refused);
    CHECK(contains(error.message(), "larger than the 4 bytes allowed"));
    server.add({.path = "/a", .chunked = true});
    CHECK_THROWS_AS(static_cast<void>(client.get(server.url("/a"), 4, Stage::index)), Error);
}

TEST_CASE_FIXTURE(Fixture, "a 404 of a transfer names URL and status and leaves no file") {
    const auto error = fetch({.url = server.url("/missing"), .destination = destination()});
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::environment);
    CHECK(
        error->message() == fmt::format("cannot fetch {}: 404 Not Found", server.url("/missing")));
    CHECK(files().empty());
    CHECK(server.count("/missing") == 1);
}

TEST_CASE_FIXTURE(Fixture, "one client keeps its connection from call to call") {
    const Transfer transfer = serve("/a", "text");
    Client client(options, events);
    for (int i = 0; i < 3; ++i) {
        CHECK(client.get(server.url("/a"), kPlenty, Stage::index) == "text");
        CHECK_FALSE(fetch_by(client, transfer));
        CHECK_FALSE(client.get(server.url("/missing"), kPlenty, Stage::index));
    }
    CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(
    Fixture, "many transfers share at most the connections allowed; waiting is no stall") {
    constexpr std::size_t kCount = 60;
    options.connections = 4;
    server.add({.path = "**", .delay_ms = 100});
    std::vector<Transfer> transfers;
    for (std::size_t i = 0; i < kCount; ++i) {
        Transfer transfer = serve(fmt::format("/{}", i), noise(1000 + i));
        transfer.destination = directory.path() / std::to_string(i);
        transfers.push_back(transfer);
    }
    Client client(options, events);
    std::set<std::size_t> done;
    client.fetch(transfers, [&done](std::size_t index, const Outcome& outcome) {
        CHECK_FALSE(outcome.error);
        done.insert(index);
    });
    CHECK(done.size() == kCount);
    CHECK(files().size() == kCount);
    CHECK(server.connections() <= 4);
    CHECK(server.requests().size() == kCount);
}

TEST_CASE_FIXTURE(Fixture, "two transfers of one URL to one destination are made once") {
    const Transfer transfer = serve("/a", noise(5000));
    Transfer other = serve("/b", "b");
    other.destination = directory.path() / "other";
    Client client(options, events);
    std::multiset<std::size_t> done;
    client.fetch({transfer, other, transfer}, [&done](std::size_t index, const Outcome& outcome) {
        CHECK_FALSE(outcome.error);
        done.insert(index);
    });
    CHECK(done == std::multiset<std::size_t>{0, 1, 2});
    CHECK(server.count("/a") == 1);
    CHECK(server.body_sent("/a") == 5000);
}

TEST_CASE_FIXTURE(Fixture, "equal transfers with different hashes are not taken for one") {
    const Transfer good = serve("/a", "text");
    Transfer bad = good;
    bad.sha256 = hash_hex("other");
    Client client(options, events);
    std::vector<bool> failed(2);
    client.fetch({good, bad}, [&failed](std::size_t index, const Outcome& outcome) {
        failed[index] = outcome.error != nullptr;
    });
    CHECK_FALSE(failed[0]);
    CHECK(failed[1]);
}

TEST_CASE_FIXTURE(Fixture, "a failed transfer does not keep the others from ending") {
    Transfer good = serve("/good", "good");
    Client client(options, events);
    std::size_t errors = 0;
    client.fetch(
        {{.url = server.url("/missing"), .destination = directory.path() / "x"},
         good,
         {.url = "gopher://127.0.0.1/a", .destination = directory.path() / "y"}},
        [&errors](std::size_t, const Outcome& outcome) { errors += outcome.error ? 1U : 0U; });
    CHECK(errors == 2);
    CHECK(files() == std::vector<std::string>{"file"});
}

TEST_CASE_FIXTURE(Fixture, "fetching nothing calls nobody") {
    Client client(options, events);
    client.fetch({}, [](std::size_t, const Outcome&) { FAIL("nothing was asked for"); });
}

TEST_CASE_FIXTURE(Fixture, "redirects are followed, ten and no more, and only to http and https") {
    server.put("/end", "text");
    for (int i = 0; i < 10; ++i) {
        const std::string next = i == 9 ? "/end" : fmt::format("/{}", i + 1);
        server.add({.path = fmt::format("/{}", i), .redirect = server.url(next)});
    }
    server.add({.path = "/more", .redirect = server.url("/0")});
    server.add({.path = "/file", .redirect = "file:///etc/passwd"});
    Client client(options, events);
    CHECK(client.get(server.url("/0"), kPlenty, Stage::index) == "text");
    const auto message_of = [&](const char* path) {
        return error_of([&] { return client.get(server.url(path), kPlenty, Stage::index); })
            .message();
    };
    CHECK(contains(message_of("/more"), "more than 10 redirects"));
    CHECK(contains(message_of("/file"), "protocol that is not allowed"));
}

TEST_CASE_FIXTURE(
    Fixture, "progress names each transfer once, with its size, and counts its bytes once") {
    const Bytes body = noise(50'000);
    Transfer transfer = serve("/a", body);
    transfer.name = "package a";
    server.add({.path = "/a", .times = 1, .cut = 20'000});
    server.add({.path = "/a", .times = 1, .cut = 30'000, .ignore_range = true});
    CHECK_FALSE(fetch(transfer));
    CHECK(events.expected_count == 1);
    CHECK(events.expected_bytes == body.size());
    CHECK(events.names == std::vector<std::string>{"package a"});
    CHECK(events.totals == std::vector<std::uint64_t>{body.size()});
    CHECK(events.advanced == body.size());
    CHECK(events.ended == 1);
}

TEST_CASE_FIXTURE(Fixture, "progress without a name shows the URL without its password") {
    server.put("/a", "text");
    Client client(options, events);
    const std::string url = fmt::format("http://me:secret@127.0.0.1:{}/a", server.port());
    CHECK(client.get(url, kPlenty, Stage::index) == "text");
    REQUIRE(events.names.size() == 1);
    CHECK(events.names[0] == fmt::format("http://***@127.0.0.1:{}/a", server.port()));
    CHECK(events.totals[0] == 4);
}
