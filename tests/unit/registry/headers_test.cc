// SPDX-License-Identifier: Apache-2.0
#include "registry/headers.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::registry;

TEST_CASE("a challenge has a scheme and parameters") {
    const auto challenges = parse_challenges(
        R"(Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push")");
    REQUIRE(challenges.size() == 1);
    CHECK(challenges[0].scheme == "bearer");
    CHECK(challenges[0].at("realm") == "https://auth.example/token");
    CHECK(challenges[0].at("scope") == "repository:a/b:pull,push");
    CHECK(challenges[0].at("error").empty());
}

TEST_CASE("several challenges stand in one header") {
    const auto challenges =
        parse_challenges(R"(Basic realm="a \"quoted\" one", Bearer realm=b ,SCOPE = c, Negotiate)");
    REQUIRE(challenges.size() == 3);
    CHECK(challenges[0].at("realm") == "a \"quoted\" one");
    CHECK(challenges[1].at("scope") == "c");
    CHECK(challenges[2].scheme == "negotiate");
}

TEST_CASE("what makes no sense ends the list of challenges") {
    CHECK(parse_challenges("").empty());
    CHECK(parse_challenges("\"x\"").empty());
    CHECK(parse_challenges("Basic realm=\"never closed").size() == 1);
    CHECK(parse_challenges("Basic realm=\"never closed")[0].parameters.empty());
}

TEST_CASE("the next page is the link that says so") {
    CHECK(next_link("</v2/a/tags/list?n=2&last=b>; rel=\"next\"") == "/v2/a/tags/list?n=2&last=b");
    CHECK(next_link("<a>; rel=prev, <b>; title=\"x, y\"; rel=next") == "b");
    CHECK(next_link("<a>; rel=prev").empty());
    CHECK(next_link("<a").empty());
    CHECK(next_link("a; rel=next").empty());
}

TEST_CASE("ranges of uploads end with their last byte") {
    CHECK(parse_upload_range("0-99") == 99);
    CHECK(parse_upload_range("bytes=0-5") == 5);
    for (const char* wrong : {"", "5", "1-5", "0-", "0-x", "-0-5", "0--5"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_upload_range(wrong));
    }
}

TEST_CASE("a media type stands before its parameters") {
    CHECK(media_type_of("Application/JSON; charset=utf-8") == "application/json");
    CHECK(media_type_of("").empty());
}
