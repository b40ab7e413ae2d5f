// SPDX-License-Identifier: Apache-2.0
#include "net/url.hh"
#include "support/error.hh"

#include <doctest/doctest.h>

#include <vector>

using namespace pare;
using namespace pare::net;

TEST_CASE("a URL is shown without user, password and control bytes") {
    CHECK(redacted("http://a/b@c") == "http://a/b@c");
    CHECK(redacted("https://me:secret@a:8080/b") == "https://***@a:8080/b");
    CHECK(redacted("https://token@a") == "https://***@a");
    CHECK(redacted("https://me:p@ss@a/b@c") == "https://***@a/b@c");
    CHECK(redacted("http://a/\x1b[2J\n") == "http://a/%1B[2J%0A");
    CHECK(redacted("no url") == "no url");
}

TEST_CASE("the longest rule wins and ends at a border of the path") {
    const std::vector<Rewrite> rules = {
        {"http://a/debian", "http://b/x"},
        {"http://a/debian/pool/", "http://c/pool/"},
        {"http://a", "https://d"},
    };
    CHECK(rewrite("http://a/debian/dists/x", rules) == "http://b/x/dists/x");
    CHECK(rewrite("http://a/debian/pool/y", rules) == "http://c/pool/y");
    CHECK(rewrite("http://a/debian-security/z", rules) == "https://d/debian-security/z");
    CHECK(rewrite("http://a/debian", rules) == "http://b/x");
    CHECK(rewrite("http://ab/c", rules) == "http://ab/c");
    CHECK(rewrite("http://e/", {}) == "http://e/");
}

TEST_CASE("a rule without a beginning matches nothing") {
    const std::vector<Rewrite> rules = {{"", "http://b"}, {"/", "http://c"}};
    CHECK(rewrite("/x", rules) == "/x");
    CHECK(rewrite("http://a/x", rules) == "http://a/x");
}

TEST_CASE("a rule may lead to a plain directory") {
    const std::vector<Rewrite> rules = {{"http://a/", "/srv/my mirror#1"}};
    const std::string url = rewrite("http://a/x%20y", rules);
    CHECK(url == "file:///srv/my%20mirror%231/x%20y");
    CHECK(local_path(url) == "/srv/my mirror#1/x y");
}

TEST_CASE("file URLs name absolute paths of this host") {
    CHECK(local_path("file:///a/b%2Bc") == "/a/b+c");
    CHECK(local_path("file://localhost/a?x#y") == "/a");
    CHECK(local_path("FILE:/a") == "/a");
    CHECK_FALSE(local_path("http://a/b"));
    CHECK_FALSE(local_path("HTTPS://a/b"));
    CHECK_THROWS_AS(static_cast<void>(local_path("file://other/a")), Error);
    CHECK_THROWS_AS(static_cast<void>(local_path("file:a")), Error);
    CHECK_THROWS_AS(static_cast<void>(local_path("file:///a%00b")), Error);
    CHECK_THROWS_AS(static_cast<void>(local_path("ftp://a/b")), Error);
    CHECK_THROWS_AS(static_cast<void>(local_path("/a/b")), Error);
    CHECK_THROWS_AS(static_cast<void>(local_path("")), Error);
}

TEST_CASE("a path comes back from its URL") {
    for (const char* path : {"/", "/a b", "/a%20b", "/ü/?#", "/~+:@"}) {
        CHECK(local_path(file_url(path)) == path);
    }
}

TEST_CASE("Content-Range is read strictly") {
    CHECK(parse_content_range("bytes 5-9/10") == ContentRange{5, 9, 10});
    CHECK(parse_content_range(" Bytes 0-0/* ") == ContentRange{0, 0, std::nullopt});
    for (const char* wrong :
         {"", "bytes", "bytes 5-9", "bytes */10", "bytes 9-5/10", "bytes 5-10/10", "bytes 5-/10",
          "bytes -5/10", "bytes 5-9/x", "bytes 5/9-10", "lines 5-9/10", "bytes=5-9/10",
          "bytes 99999999999999999999-5/10"}) {
        CHECK_FALSE(parse_content_range(wrong));
    }
}

TEST_CASE("a status has its name where it has one") {
    CHECK(status_text(404) == "404 Not Found");
    CHECK(status_text(599) == "status 599");
}
