// SPDX-License-Identifier: Apache-2.0
#include "package/archive_pins.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

#include <string>

using namespace pare;
using namespace pare::package;

namespace {

const std::string kHash(64, 'a');

std::string problem(const std::string& text) {
    const Error error = test::error_of([&] { return parse_archive_pins(text, "x.json"); });
    CHECK(error.kind() == ErrorKind::definition);
    CHECK(error.where().file == "x.json");
    CHECK(test::contains(error.hint(), "pare update"));
    return error.message();
}

/// A document with one archive of these members.
std::string with_archive(const std::string& members) {
    return R"({"version": 1, "archives": {"tool": {)" + members + "}}}";
}

} // namespace

TEST_CASE("a lock of archives is written as it is read") {
    const ArchivePins pins{
        {"tool", {.version = "1.2", .sha256 = {{"amd64", kHash}, {"arm/v7", kHash}}}},
        {"other", {.version = "3"}}};
    CHECK(parse_archive_pins(write_archive_pins(pins), "x.json") == pins);
    CHECK(parse_archive_pins(write_archive_pins({}), "x.json").empty());
}

TEST_CASE("nothing in a lock of archives is guessed") {
    CHECK(problem("[]") == "the lock of archives is not an object");
    CHECK(problem(R"({"version": 2, "archives": {}})").find("version 2") != std::string::npos);
    CHECK(
        problem(R"({"version": 1, "archives": {}, "more": 1})") ==
        "the lock of archives has an unknown member \"more\"");
    CHECK(problem(with_archive(R"("sha256": {})")) == R"(archive tool lacks "version")");
    CHECK(
        problem(with_archive(R"("version": "", "sha256": {})")) ==
        R"("version" of archive tool is empty)");
    CHECK(
        problem(with_archive(R"("version": "1", "sha256": {"amd64": "00"})"))
            .find("is not 64 lower-case hex digits") != std::string::npos);
    CHECK(
        problem(with_archive(R"("version": "1", "sha256": {}, "url": "x")")) ==
        R"(archive tool has an unknown member "url")");
}
