// SPDX-License-Identifier: Apache-2.0
#include "deb/release.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

#include <string>

using namespace pare;
using namespace pare::deb;

namespace {

const std::string kHash(64, 'a');
const std::string kOther(64, 'b');
const std::string kHead = "Origin: Debian\nSuite: stable\nCodename: trixie\n"
                          "Date: Sat, 14 Nov 2026 09:42:00 UTC\n";

std::string refusal(const std::string& text) {
    const auto error = test::thrown_by([&] { return parse_release(text, "InRelease"); });
    CHECK((!error || error->kind() == ErrorKind::refused));
    return error ? error->message() : "";
}

bool refused_for(const std::string& text, std::string_view why) {
    const std::string said = refusal(text);
    INFO(said);
    CHECK(said.find(why) != said.npos);
    return !said.empty();
}

} // namespace

TEST_CASE("a Release file says what the archive is and which files it has") {
    const Release release = parse_release(
        kHead +
            "Label: Debian\nVersion: 13.7\nValid-Until: Sat, 21 Nov 2026 09:42:00 UTC\n"
            "Acquire-By-Hash: yes\nNotAutomatic: yes\nButAutomaticUpgrades: yes\n"
            "No-Support-for-Architecture-all: Packages\n"
            "Architectures: all amd64 arm64\nComponents: main contrib\nMD5Sum:\n zz 1 main/x\n"
            "SHA256:\n " +
            kHash + "  12 main/binary-amd64/Packages\n " + kOther +
            "     5 ./main/binary-amd64/Packages.gz\n",
        "InRelease");
    CHECK(release.origin == "Debian");
    CHECK(release.label == "Debian");
    CHECK(release.suite == "stable");
    CHECK(release.codename == "trixie");
    CHECK(release.version == "13.7");
    CHECK(release.date == 1794649320);
    CHECK(release.valid_until == 1794649320 + 7 * 86400);
    CHECK(release.acquire_by_hash);
    CHECK(release.not_automatic);
    CHECK(release.but_automatic_upgrades);
    CHECK(release.all_is_everywhere);
    CHECK(release.architectures.size() == 3);
    CHECK(release.components.size() == 2);
    REQUIRE(release.files.size() == 2);
    CHECK(release.files.at("main/binary-amd64/Packages").size == 12);
    CHECK(release.files.at("main/binary-amd64/Packages.gz").sha256 == kOther);
}

TEST_CASE("what a Release file does not say is not so") {
    const Release release = parse_release(kHead + "SHA256:\n", "InRelease");
    CHECK(!release.valid_until);
    CHECK(!release.acquire_by_hash);
    CHECK(!release.not_automatic);
    CHECK(!release.all_is_everywhere);
    CHECK(release.files.empty());
}

TEST_CASE("weak hashes alone are refused") {
    CHECK(refused_for(kHead + "MD5Sum:\n x 1 a\nSHA1:\n x 1 a\n", "no SHA256 section"));
}

TEST_CASE("dates are needed, and must be dates") {
    CHECK(refused_for("Suite: x\nSHA256:\n", "no Date"));
    CHECK(refused_for("Date: yesterday\nSHA256:\n", "Date 'yesterday' is no date"));
    CHECK(refused_for(kHead + "Valid-Until: soon\nSHA256:\n", "Valid-Until 'soon'"));
}

TEST_CASE("files are named once, with plain paths, hash and size") {
    const std::string head = kHead + "SHA256:\n ";
    for (const char* path : {"../x", "/etc/x", "a/../../x", "a//b", "a/./b", "a/", "a\x1b[31m"}) {
        CHECK(refused_for(head + kHash + " 1 " + path + "\n", "no plain one below the suite"));
    }
    CHECK(refused_for(head + kHash + " 1 a\n " + kOther + " 1 a\n", "two hashes of a"));
    CHECK(refusal(head + kHash + " 1 a\n " + kHash + " 1 a\n").empty());
    CHECK(refused_for(head + kHash + " a\n", "is no SHA-256, size and path"));
    CHECK(refused_for(head + kHash + " x a\n", "is no SHA-256, size and path"));
    CHECK(refused_for(head + "abc 1 a\n", "is no SHA-256, size and path"));
}

TEST_CASE("there is exactly one paragraph") {
    CHECK(refused_for("", "0 paragraphs"));
    CHECK(refused_for(kHead + "SHA256:\n\n" + kHead, "2 paragraphs"));
}

TEST_CASE("dates are read in all their forms") {
    CHECK(parse_date("Thu, 01 Jan 1970 00:00:00 UTC") == 0);
    CHECK(parse_date("Sat, 14 Nov 2026 09:42:00 UTC") == 1794649320);
    CHECK(parse_date("14 Nov 2026 09:42:00 +0000") == 1794649320);
    CHECK(parse_date("Sat, 14 Nov 2026  9:42:00 GMT") == 1794649320);
    CHECK(parse_date("Thu, 29 Feb 2024 23:59:59 Z") == 1709251199);
    for (const char* bad :
         {"", "Sat, 14 Nov 2026 09:42:00", "Sat, 14 Nov 2026 09:42:00 +0100",
          "Sat, 30 Feb 2026 09:42:00 UTC", "Sat, 14 Foo 2026 09:42:00 UTC",
          "Sat, 14 Nov 2026 24:42:00 UTC", "Sat, 14 Nov 2026 09:42 UTC", "2026-11-14",
          "Sat, -4 Nov 2026 09:42:00 UTC", "Sat, 14 Nov 99999 09:42:00 UTC"}) {
        CHECK_MESSAGE(!parse_date(bad), bad);
    }
}
