// SPDX-License-Identifier: Apache-2.0
#include "deb/sources.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pare;
using namespace pare::deb;

namespace {

using Words = std::vector<std::string>;

Source one_line(const std::string& line) {
    const auto source = parse_one_line(line, "a.list:1");
    REQUIRE(source);
    return *source;
}

/// The place and message of the refusal.
template <typename Parse>
std::string refusal(Parse parse) {
    const Error error = test::error_of(parse);
    CHECK(error.kind() == ErrorKind::definition);
    CHECK(!error.hint().empty());
    return error.where().str() + ": " + error.message();
}

std::string line_refusal(const std::string& line) {
    return refusal([&] { return parse_one_line(line, "a.list:1"); });
}

std::string paragraph_refusal(const std::string& text) {
    return refusal([&] { return parse_deb822_sources(text, "a.sources"); });
}

bool has(const std::string& text, std::string_view part) {
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
    return true;
}

} // namespace

TEST_CASE("a line gives URL, suite and components") {
    CHECK(
        one_line("deb http://ftp.debian.org/debian trixie main contrib # all of it") ==
        Source{
            .uri = "http://ftp.debian.org/debian/",
            .suite = "trixie",
            .components = {"main", "contrib"},
            .where = "a.list:1"});
}

TEST_CASE("options of a line are read") {
    const Source source = one_line("deb\t[ arch=amd64,arm64 signed-by=/k/a.gpg,/k/b.gpg lang=none "
                                   "trusted=yes check-valid-until=no] file:/srv/x/ sid main");
    CHECK(source.architectures == Words{"amd64", "arm64"});
    CHECK(source.signed_by == Words{"/k/a.gpg", "/k/b.gpg"});
    CHECK(source.trusted);
    CHECK(!source.check_valid_until);
    CHECK(source.uri == "file:/srv/x/");
}

TEST_CASE("a flat archive has no components") {
    CHECK(one_line("deb https://apt.example/r ./").suite == "./");
    CHECK(one_line("deb https://apt.example/r ./").components.empty());
    CHECK(one_line("deb https://apt.example/r sub/dir/").suite == "sub/dir/");
    has(line_refusal("deb https://apt.example/r ./ main"), "has components");
    has(line_refusal("deb https://apt.example/r stable"), "'stable' has no components");
}

TEST_CASE("sources of source packages, comments and empty lines give nothing") {
    CHECK(!parse_one_line("deb-src http://ftp.debian.org/debian trixie main", "x"));
    CHECK(!parse_one_line("  # deb http://ftp.debian.org/debian trixie main", "x"));
    CHECK(!parse_one_line(" ", "x"));
    const auto sources = parse_list("# a\n\ndeb http://a/debian/ sid main\n", "b.list");
    REQUIRE(sources.size() == 1);
    CHECK(sources[0].where == "b.list:3");
}

TEST_CASE("lines that make no source are refused with their place") {
    CHECK(line_refusal("rpm http://a/ b c") == "a.list:1: 'rpm' begins no source");
    has(line_refusal("deb http://a/"), "no URL or no suite");
    has(line_refusal("deb [arch=amd64 http://a/ b c"), "no end");
    has(line_refusal("deb [arch] http://a/ b c"), "has no value");
    has(line_refusal("deb [trusted=perhaps] http://a/ b c"), "neither yes nor no");
    has(line_refusal("deb [signedby=/k] http://a/ b c"), "no option 'signedby'");
    has(line_refusal("deb cdrom:[Debian]/ trixie main"), "no URL that pare can fetch from");
    has(line_refusal("deb http:// trixie main"), "no URL that pare can fetch from");
    has(line_refusal("deb http://a/ ../../etc main"), "leads out of the archive");
    has(line_refusal("deb http://a/ /etc main"), "begins with a slash");
}

TEST_CASE("options that switch checks off are refused, all but trusted") {
    has(line_refusal("deb [allow-insecure=yes] http://a/ b c"), "what pare never does");
    has(line_refusal("deb [allow-weak=yes] http://a/ b c"), "what pare never does");
    CHECK(one_line("deb [allow-weak=no] http://a/ b c").suite == "b");
}

TEST_CASE("a paragraph gives a source for each URL and suite") {
    const auto sources = parse_deb822_sources(
        "Types: deb deb-src\nURIs: http://a/debian http://b/debian/\nSuites: sid experimental\n"
        "Components: main non-free\nArchitectures: amd64\nSigned-By: /k/a.gpg\n"
        "X-Note: ignored\nLanguages: en\nCheck-Valid-Until: no\n\n"
        "Types: deb\nURIs: http://c/\nSuites: ./\n",
        "a.sources");
    REQUIRE(sources.size() == 5);
    CHECK(sources[0].uri == "http://a/debian/");
    CHECK(sources[1].suite == "experimental");
    CHECK(sources[3].uri == "http://b/debian/");
    CHECK(sources[3].components == Words{"main", "non-free"});
    CHECK(sources[3].architectures == Words{"amd64"});
    CHECK(sources[3].signed_by == Words{"/k/a.gpg"});
    CHECK(!sources[3].check_valid_until);
    CHECK(sources[3].where == "a.sources:1");
    CHECK(sources[4].where == "a.sources:11");
}

TEST_CASE("a key may stand in the paragraph itself") {
    const auto sources = parse_deb822_sources(
        "Types: deb\nURIs: http://a/\nSuites: ./\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n"
        " .\n mQ==\n -----END PGP PUBLIC KEY BLOCK-----\n",
        "a.sources");
    REQUIRE(sources.size() == 1);
    CHECK(
        sources[0].signed_by == Words{"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n"
                                      "-----END PGP PUBLIC KEY BLOCK-----\n"});
}

TEST_CASE("disabled paragraphs and those for source packages give nothing") {
    CHECK(parse_deb822_sources("Enabled: no\nTypes: deb\nURIs: http://a/\nSuites: ./\n", "x")
              .empty());
    CHECK(parse_deb822_sources("Types: deb-src\nURIs: http://a/\nSuites: ./\n", "x").empty());
}

TEST_CASE("paragraphs that make no source are refused with their place") {
    CHECK(
        paragraph_refusal("Types: deb\nURIs: http://a/\n") ==
        "a.sources:1: the source has no URIs or no Suites");
    has(paragraph_refusal("URIs: http://a/\nSuites: ./\n"), "no Types");
    has(paragraph_refusal("Types: rpm\nURIs: http://a/\nSuites: ./\n"), "no type 'rpm'");
    has(paragraph_refusal("Types: deb\nURIs: http://a/\nSuites: ./\nSignedBy: x\n"),
        "no option 'SignedBy'");
    has(paragraph_refusal("Types: deb\nno field\n"), "a.sources:2");
}

TEST_CASE("a shorthand is main, updates and security of a release, with Debian's keys") {
    const Mirror mirror{"http://m/debian/", "http://s/debian-security/"};
    const auto sources = expand_shorthand("debian:13", mirror);
    REQUIRE(sources.size() == 3);
    CHECK(
        sources[0] == Source{
                          .uri = "http://m/debian/",
                          .suite = "trixie",
                          .components = {"main"},
                          .signed_by = {std::string(kDebianKeyring)},
                          .where = "debian:13"});
    CHECK(sources[1].uri == "http://m/debian/");
    CHECK(sources[1].suite == "trixie-updates");
    CHECK(sources[2].uri == "http://s/debian-security/");
    CHECK(sources[2].suite == "trixie-security");
    CHECK(expand_shorthand("debian:bookworm", mirror)[2].suite == "bookworm-security");
}

TEST_CASE("a shorthand with a time is the snapshot of that time, which may have expired") {
    const auto sources = expand_shorthand("debian:12@20261101T000000Z", {"http://m/", "http://s/"});
    REQUIRE(sources.size() == 3);
    CHECK(sources[0].uri == "http://snapshot.debian.org/archive/debian/20261101T000000Z/");
    CHECK(sources[2].uri == "http://snapshot.debian.org/archive/debian-security/20261101T000000Z/");
    CHECK(!sources[0].check_valid_until);
    CHECK(sources[0].where == "debian:12@20261101T000000Z");
    for (const char* time : {"", "20261101", "20261101T000000", "2026110aT000000Z", "../x"}) {
        has(refusal([&] {
                return expand_shorthand("debian:12@" + std::string(time), {"http://m/", "x"});
            }),
            "no time of a snapshot");
    }
}

TEST_CASE("distributions are found by version and by codename") {
    CHECK(find_distribution("debian:12").codename == "bookworm");
    CHECK(find_distribution("debian:trixie").version == "13");
    CHECK(find_distribution("trixie").name == "debian:13");
    CHECK(find_distribution("debian:13").architectures.size() == 8);
    const std::string said = refusal([] { return find_distribution("debian:14"); });
    has(said, "no distribution 'debian:14'");
    CHECK(!refusal([] { return find_distribution("13"); }).empty());
    CHECK(is_shorthand("debian:12"));
    CHECK(!is_shorthand("deb http://a/ b c"));
}
