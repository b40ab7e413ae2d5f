// SPDX-License-Identifier: Apache-2.0
#include "net/http.hh"
#include "net/url.hh"
#include "net_fixture.hh"

#include <fmt/core.h>

#include <atomic>
#include <chrono>
#include <stop_token>
#include <thread>

using namespace pare;
using namespace pare::net;
using namespace pare::net::test;

namespace {

struct HttpFixture : Fixture {
    Http http{options, events};

    /// What the server saw of a request's header, at each request.
    [[nodiscard]] static std::vector<std::string>
    seen(const FaultServer& by, std::string_view header) {
        std::vector<std::string> values;
        for (const auto& request : by.requests()) {
            values.push_back(request.header(header));
        }
        return values;
    }
};

/// Gives zeros, and counts how often it was opened.
struct Zeros {
    std::shared_ptr<std::atomic<int>> opened = std::make_shared<std::atomic<int>>(0);

    [[nodiscard]] Outgoing outgoing(std::uint64_t size) const {
        class ZeroSource final : public Source {
        public:
            explicit ZeroSource(std::uint64_t left) : left_(left) {}

            std::size_t read(char* buffer, std::size_t count) override {
                count = std::min<std::uint64_t>(count, left_);
                std::fill_n(buffer, count, '\0');
                left_ -= count;
                return count;
            }

        private:
            std::uint64_t left_;
        };

        return {.size = size, .open = [size, opened = opened](std::uint64_t offset) {
                    ++*opened;
                    return std::make_unique<ZeroSource>(size - offset);
                }};
    }
};

} // namespace

TEST_CASE_FIXTURE(HttpFixture, "a call sends its method, headers and body, and gives any status") {
    server.add({.status = 202, .page = 0, .redirect = "/next"});
    const Reply reply = http.once(
        {.method = "PATCH",
         .url = server.url("/a"),
         .headers = {{"Content-Range", "0-4"}},
         .body = outgoing("hello")});
    CHECK(reply.status == 202);
    CHECK(reply.header("location") == "/next");
    REQUIRE(server.requests().size() == 1);
    const auto request = server.requests()[0];
    CHECK(request.method == "PATCH");
    CHECK(request.body == "hello");
    CHECK(request.header("Content-Range") == "0-4");
    CHECK(request.header("Content-Length") == "5");
    CHECK(request.header("Expect").empty());
}

TEST_CASE_FIXTURE(HttpFixture, "an empty body is sent as one") {
    server.add({.status = 201});
    CHECK(
        http.once({.method = "POST", .url = server.url("/a"), .body = outgoing("")}).status == 201);
    CHECK(server.requests()[0].header("Content-Length") == "0");
}

TEST_CASE_FIXTURE(HttpFixture, "HEAD, GET and DELETE send no body") {
    server.put("/a", "text");
    CHECK(http.once({.method = "HEAD", .url = server.url("/a")}).header("Content-Length") == "4");
    CHECK(http.once({.url = server.url("/a")}).body == "text");
    CHECK(http.once({.method = "DELETE", .url = server.url("/a")}).status == 405);
    CHECK(seen(server, "Content-Length") == std::vector<std::string>{"", "", ""});
}

TEST_CASE_FIXTURE(HttpFixture, "a large body is streamed, and never held whole") {
    constexpr std::uint64_t kSize = std::uint64_t{40} << 20;
    server.add({.status = 201});
    const Zeros zeros;
    const Reply reply =
        http.once({.method = "PUT", .url = server.url("/a"), .body = zeros.outgoing(kSize)});
    CHECK(reply.status == 201);
    CHECK(server.requests()[0].body.size() == kSize);
    CHECK(*zeros.opened == 1);
}

TEST_CASE_FIXTURE(HttpFixture, "a connection that is cut in an upload is told, not repeated") {
    server.add({.cut_upload = 100'000});
    const Reply reply =
        http.once({.method = "PUT", .url = server.url("/a"), .body = Zeros().outgoing(10'000'000)});
    CHECK(reply.status == 0);
    CHECK(reply.may_pass());
    CHECK(contains(reply.cause, "the connection was cut"));
    CHECK(server.requests().size() == 1);
}

TEST_CASE_FIXTURE(HttpFixture, "a body that cannot be read ends the call with its own error") {
    server.add({.status = 201});
    const Outgoing broken{.size = 10, .open = [](std::uint64_t) -> std::unique_ptr<Source> {
                              throw Error(ErrorKind::environment, "the disk is gone");
                          }};
    const Error error = error_of(
        [&] { return http.once({.method = "PUT", .url = server.url("/a"), .body = broken}); });
    CHECK(error.message() == "the disk is gone");
}

TEST_CASE_FIXTURE(HttpFixture, "what may pass is tried again, and the last answer comes back") {
    server.put("/a", "text");
    server.add({.path = "/a", .times = 2, .status = 503});
    CHECK(http.call({.url = server.url("/a")}).body == "text");
    server.add({.path = "/b", .status = 429, .page = 4});
    const Reply reply = http.call({.url = server.url("/b")});
    CHECK(reply.status == 429);
    CHECK(reply.body == "xxxx");
    CHECK(server.count("/b") == 3);
}

TEST_CASE_FIXTURE(HttpFixture, "Retry-After is honoured") {
    server.put("/a", "text");
    server.add({.path = "/a", .times = 1, .status = 429, .retry_after = "1"});
    const auto start = std::chrono::steady_clock::now();
    CHECK(http.call({.url = server.url("/a")}).status == 200);
    CHECK(std::chrono::steady_clock::now() - start >= std::chrono::seconds(1));
}

TEST_CASE_FIXTURE(HttpFixture, "a server that does not answer is an error with its cause") {
    server.add({.drop = true});
    const Error error = error_of([&] { return http.call({.url = server.url("/a")}); });
    CHECK(error.kind() == ErrorKind::environment);
    CHECK(
        error.message() ==
        fmt::format(
            "cannot reach {}: the server closed the connection without an answer "
            "(tried 3 times)",
            server.url("/a")));
}

TEST_CASE_FIXTURE(HttpFixture, "a server that falls silent counts as gone, and is asked again") {
    server.put("/a", "some text");
    server.add({.path = "/a", .times = 1, .stall = 3});
    CHECK(http.call({.url = server.url("/a")}).body == "some text");
    CHECK(server.count("/a") == 2);
}

TEST_CASE_FIXTURE(HttpFixture, "Authorization is not sent to where a redirect leads") {
    FaultServer other;
    other.put("/b", "text");
    server.put("/b", "text");
    const Headers secret = {{"Authorization", "Bearer secret"}, {"X-Plain", "1"}};
    SUBCASE("of a call: another port is another origin") {
        server.add({.path = "/a", .redirect = other.url("/b")});
        const Reply reply = http.call({.url = server.url("/a"), .headers = secret});
        CHECK(reply.body == "text");
        CHECK(reply.url == other.url("/b"));
        CHECK(seen(other, "X-Plain") == std::vector<std::string>{"1"});
    }
    SUBCASE("of a file") {
        server.add({.path = "/a", .redirect = other.url("/b")});
        const Fetched fetched = http.fetch(
            {.url = server.url("/a"), .destination = destination()}, [&] { return secret; });
        CHECK_FALSE(fetched.error);
        CHECK(read_file(destination()) == "text");
    }
    CHECK(seen(server, "Authorization") == std::vector<std::string>{"Bearer secret"});
    CHECK(seen(other, "Authorization") == std::vector<std::string>{""});
}

TEST_CASE_FIXTURE(HttpFixture, "Authorization stays on a redirect within the origin") {
    server.put("/b", "text");
    server.add({.path = "/a", .redirect = "/b"});
    CHECK(
        http.call({.url = server.url("/a"), .headers = {{"Authorization", "Basic x"}}}).body ==
        "text");
    CHECK(seen(server, "Authorization") == std::vector<std::string>{"Basic x", "Basic x"});
}

TEST_CASE_FIXTURE(HttpFixture, "an upload follows 307 with its body, and no 302") {
    FaultServer other;
    other.add({.status = 201});
    server.add({.path = "/a", .status = 307, .redirect = other.url("/b")});
    server.add({.path = "/c", .redirect = other.url("/b")});
    const auto put = [&](const char* path) {
        return http.once({.method = "PUT", .url = server.url(path), .body = outgoing("hello")});
    };
    CHECK(put("/a").status == 201);
    CHECK(other.requests()[0].body == "hello");
    CHECK(put("/c").status == 302);
    CHECK(other.requests().size() == 1);
}

TEST_CASE_FIXTURE(HttpFixture, "a loop of redirects ends") {
    server.add({.path = "/a", .redirect = "/a"});
    const Error error = error_of([&] { return http.call({.url = server.url("/a")}); });
    CHECK(contains(error.message(), "more than 10 redirects"));
}

TEST_CASE_FIXTURE(HttpFixture, "an answer over its limit is refused") {
    server.put("/a", Bytes(1001, 'x'));
    const Error error =
        error_of([&] { return http.call({.url = server.url("/a"), .limit = 1000}); });
    CHECK(error.kind() == ErrorKind::refused);
    CHECK(error.message() == "the answer is larger than 1000 bytes");
}

TEST_CASE_FIXTURE(HttpFixture, "a head over 256 KiB is refused") {
    std::string lines = "/b";
    for (int i = 0; i < 30; ++i) {
        lines += "\r\nX-Line: " + std::string(10'000, 'x');
    }
    server.add({.status = 200, .redirect = lines});
    const Error error = error_of([&] { return http.call({.url = server.url("/a")}); });
    CHECK(error.kind() == ErrorKind::environment);
    CHECK(contains(error.message(), "the head of the answer is over 262144 bytes"));
}

TEST_CASE_FIXTURE(HttpFixture, "a fetch is resumed, with headers made anew for each request") {
    const Transfer transfer = serve("/a", noise(50'000));
    server.add({.path = "/a", .times = 1, .cut = 20'000});
    int made = 0;
    const Fetched fetched = http.fetch(transfer, [&]() -> Headers {
        return {{"Authorization", fmt::format("Bearer {}", ++made)}};
    });
    CHECK_FALSE(fetched.error);
    CHECK(fetched.status == 206);
    CHECK(seen(server, "Authorization") == std::vector<std::string>{"Bearer 1", "Bearer 2"});
    CHECK(server.requests()[1].header("Range") == "bytes=20000-");
}

TEST_CASE_FIXTURE(HttpFixture, "the status of a fetch that failed is told") {
    server.add({.path = "/a", .status = 401});
    const Fetched fetched = http.fetch(
        {.url = server.url("/a"), .destination = destination()}, [] { return Headers{}; });
    CHECK(fetched.error);
    CHECK(fetched.status == 401);
    CHECK(files().empty());
}

TEST_CASE_FIXTURE(HttpFixture, "threads have a connection each and keep it") {
    server.put("/a", "text");
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int k = 0; k < 25; ++k) {
                CHECK(http.call({.url = server.url("/a")}).status == 200);
            }
        });
    }
    threads.clear();
    CHECK(server.requests().size() == 100);
    CHECK(server.connections() <= 4);
}

TEST_CASE_FIXTURE(Fixture, "a call ends as soon as a stop is asked for") {
    std::stop_source stop;
    Http http({.attempts = 100, .first_backoff_ms = 60'000}, events, stop.get_token());
    server.add({.status = 503});
    const std::jthread stopper([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        stop.request_stop();
    });
    const Error error = error_of([&] { return http.call({.url = server.url("/a")}); });
    CHECK(error.kind() == ErrorKind::interrupted);
}

TEST_CASE_FIXTURE(Fixture, "nothing is asked with --offline") {
    options.offline = true;
    Http http(options, events);
    const Error error = error_of([&] { return http.call({.url = server.url("/a")}); });
    CHECK(contains(error.message(), "--offline forbids the network"));
    CHECK(server.requests().empty());
}

TEST_CASE("origins and references") {
    CHECK(origin("HTTPS://Registry.Example/v2/?x") == "https://registry.example:443");
    CHECK(origin("http://[::1]:5000/") == "http://[::1]:5000");
    CHECK(origin("ftp://a/").empty());
    CHECK(origin("nonsense").empty());
    CHECK(host_of("http://[::1]:5000/a") == "::1");
    CHECK(host_of("http://user:secret@Host/a") == "host");
    CHECK(resolve("http://a:1/v2/x/?q=1", "/y?z=1") == "http://a:1/y?z=1");
    CHECK(resolve("http://a:1/v2/x/", "up?z") == "http://a:1/v2/x/up?z");
    CHECK(resolve("http://a/", "https://b/c") == "https://b/c");
    CHECK_FALSE(resolve("http://a/", "file:///etc/passwd"));
    CHECK_FALSE(resolve("http://a/", ""));
    CHECK(percent_encoded("repository:a/b:pull,push") == "repository%3Aa%2Fb%3Apull%2Cpush");
}
