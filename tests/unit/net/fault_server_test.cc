// SPDX-License-Identifier: Apache-2.0
// The server that other tests trust to misbehave exactly as they ask.
#include "support/error.hh"
#include "support/fault_answer.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::test;

namespace {

Answer
ask(const std::string& headers, const Fault& fault = {}, std::string_view body = "0123456789") {
    const Resource resource{.body = Bytes(body), .modified = 784111777};
    return make_answer(parse_request("GET /a HTTP/1.1\r\nHost: x\r\n" + headers), &resource, fault);
}

std::string header(const Answer& answer, const std::string& name) {
    return SeenRequest{.headers = answer.headers}.header(name);
}

} // namespace

TEST_CASE("a request is read with its decoded path and its headers") {
    const SeenRequest request =
        parse_request("GET http://h:1/a%20b?q=1 HTTP/1.1\r\nX-One: 1 \r\nx-two:2");
    CHECK(request.method == "GET");
    CHECK(request.target == "http://h:1/a%20b?q=1");
    CHECK(request.path == "/a b");
    CHECK(request.header("x-one") == "1");
    CHECK(request.header("X-Two") == "2");
    CHECK_THROWS_AS(static_cast<void>(parse_request("nonsense")), Error);
}

TEST_CASE("an unchanged resource is answered with 304, by tag or by date") {
    const Answer whole = ask("");
    CHECK(whole.status == 200);
    CHECK(header(whole, "Last-Modified") == "Sun, 06 Nov 1994 08:49:37 GMT");
    const std::string tag = header(whole, "ETag");
    CHECK(ask("If-None-Match: " + tag).status == 304);
    CHECK(ask("If-None-Match: \"other\"").status == 200);
    CHECK(ask("If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT").status == 304);
    CHECK(ask("If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT").status == 200);
    CHECK(ask("If-None-Match: " + tag).body.empty());
}

TEST_CASE("a range is given unless the fault or If-Range is against it") {
    const Answer part = ask("Range: bytes=4-");
    CHECK(part.status == 206);
    CHECK(part.body == "456789");
    CHECK(header(part, "Content-Range") == "bytes 4-9/10");
    CHECK(ask("Range: bytes=4-5").body == "45");
    CHECK(ask("Range: bytes=10-").status == 416);
    CHECK(ask("Range: bytes=4-", {.ignore_range = true}).status == 200);
    CHECK(ask("Range: bytes=4-\r\nIf-Range: \"other\"").status == 200);
    CHECK(ask("Range: bytes=4-\r\nIf-Range: " + header(part, "ETag")).status == 206);
}

TEST_CASE("faults spoil an answer as they say") {
    CHECK(ask("", {.status = 503, .retry_after = "9"}).status == 503);
    CHECK(header(ask("", {.status = 503, .retry_after = "9"}), "retry-after") == "9");
    CHECK(ask("", {.length = 99}).length == 99);
    CHECK(
        ask("", {.flip = 1}).body == "0\xce"
                                     "23456789");
    CHECK(header(ask("", {.redirect = "http://x/"}), "Location") == "http://x/");
    CHECK(ask("", {.credentials = "me:secret"}).status == 401);
    CHECK(ask("Authorization: Basic bWU6c2VjcmV0", {.credentials = "me:secret"}).status == 200);
    CHECK(make_answer(parse_request("GET /a HTTP/1.1"), nullptr, {}).status == 404);
    CHECK(make_answer(parse_request("PUT /a HTTP/1.1"), nullptr, {}).status == 405);
}

TEST_CASE("a fault is read from a line of text") {
    const Fault fault =
        parse_fault("'/pool/**' status=503 times=2 retry-after='a date' cut=7 drop");
    CHECK(fault.path == "/pool/**");
    CHECK(fault.status == 503);
    CHECK(fault.times == 2U);
    CHECK(fault.retry_after == "a date");
    CHECK(fault.cut == 7U);
    CHECK(fault.drop);
    CHECK_FALSE(fault.chunked);
    for (const char* wrong : {"", "/a", "/a colour=red", "/a times=many", "/a status="}) {
        CHECK_THROWS_AS(static_cast<void>(parse_fault(wrong)), Error);
    }
}
