// SPDX-License-Identifier: Apache-2.0
#include "package/lock.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

#include <string>

using namespace pare;
using namespace pare::package;

namespace {

LockedPackage sample_package(const std::string& name) {
    return {
        .name = name,
        .version = "1:2.3-4",
        .architecture = "amd64",
        .source = "src",
        .source_version = "1:2.3",
        .suite = "trixie",
        .url = "http://ftp.debian.org/debian/pool/" + name + ".deb",
        .sha256 = std::string(64, 'a'),
        .size = 12345,
        .reason = "asked for"};
}

Lock sample_lock() {
    Lock lock;
    lock.architectures["amd64"] = {
        {.definition = "cc",
         .request = "0123",
         .asked = {"a", "b"},
         .base = "sha256:" + std::string(64, 'b'),
         .packages = {sample_package("a"), sample_package("b")}},
        {.definition = "server.yaml", .request = "4567"}};
    lock.architectures["arm/v7"] = {};
    return lock;
}

/// The sample with one piece of its text replaced.
std::string changed(const std::string& from, const std::string& to) {
    std::string text = write_lock(sample_lock());
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::string problem(const std::string& text) {
    const Error error = test::error_of([&] { return parse_lock(text, "x.lock"); });
    CHECK(error.kind() == ErrorKind::definition);
    CHECK(error.where().file == "x.lock");
    CHECK_FALSE(error.hint().empty());
    return error.message();
}

} // namespace

TEST_CASE("a lock is written for people to read and git to merge") {
    Lock lock;
    lock.architectures["amd64"] = {
        {.definition = "cc", .request = "0123", .asked = {"a"}, .packages = {sample_package("a")}}};
    CHECK(
        write_lock(lock) == R"({
  "version": 1,
  "architectures": {
    "amd64": [
      {
        "definition": "cc",
        "request": "0123",
        "asked": [
          "a"
        ],
        "packages": [
          {
            "name": "a",
            "version": "1:2.3-4",
            "architecture": "amd64",
            "source": "src",
            "source_version": "1:2.3",
            "suite": "trixie",
            "url": "http://ftp.debian.org/debian/pool/a.deb",
            "sha256": ")" + std::string(64, 'a') +
                                R"(",
            "size": 12345,
            "reason": "asked for"
          }
        ]
      }
    ]
  }
}
)");
}

TEST_CASE("a lock is read back as it was written") {
    CHECK(parse_lock(write_lock(sample_lock()), "x.lock") == sample_lock());
    CHECK(parse_lock(write_lock({}), "x.lock") == Lock());
}

TEST_CASE("members that are unknown, missing or of another type are named") {
    CHECK(problem(changed("\"request\"", "\"requests\"")) == "cc for amd64 lacks \"request\"");
    CHECK(
        problem(changed("\"reason\"", "\"because\": \"x\", \"reason\"")) ==
        "package a of cc for amd64 has an unknown member \"because\"");
    CHECK(
        problem(changed("12345", "\"12345\"")) ==
        "\"size\" of package a of cc for amd64 is not a positive whole number");
    CHECK(
        problem(changed("12345", "-1")) ==
        "\"size\" of package a of cc for amd64 is not a positive whole number");
    CHECK(problem("[]") == "the lock is not an object");
    CHECK_FALSE(problem("{").empty());
    CHECK_FALSE(problem("").empty());
}

TEST_CASE("a lock of another version is not guessed at") {
    CHECK(
        problem(changed("\"version\": 1", "\"version\": 2")) ==
        "the lock has version 2, expected 1");
}

TEST_CASE("a lock that does not pin its bytes is rejected") {
    for (const char* wrong : {"sha256:B", "sha512:b"}) {
        CHECK(
            problem(changed("sha256:b", wrong)) == "\"base\" of cc for amd64 is no SHA-256 digest");
    }
    CHECK(
        problem(changed(std::string(64, 'a'), std::string(32, 'a'))) ==
        "\"sha256\" of package a of cc for amd64 is not 64 lower-case hex digits");
    CHECK(
        problem(changed("http://ftp.debian.org/debian/pool/a.deb", "../a.deb")) ==
        "\"url\" of package a of cc for amd64 is not an absolute address");
    CHECK(
        problem(changed("\"name\": \"a\"", "\"name\": \"c\"")) ==
        "package b of cc for amd64 is not in the order of names");
}
