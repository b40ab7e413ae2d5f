// SPDX-License-Identifier: Apache-2.0
// Package URLs.
#include "sbom/document.hh"
#include "sbom/purl.hh"
#include "sbom/utf8.hh"
#include "support/expect.hh"

namespace pare::test {

namespace {

using sbom::Ecosystem;

const sbom::OperatingSystem kDebian{.id = "debian", .version = "13"};

} // namespace

TEST_CASE("bytes that mean something else in a URL are encoded") {
    CHECK(
        sbom::to_string(
            {.type = "deb", .space = "debian", .name = "libstdc++6", .version = "1:2+b1~x"}) ==
        "pkg:deb/debian/libstdc%2B%2B6@1:2%2Bb1~x");
    CHECK(
        sbom::to_string(
            {.type = "generic", .name = "a", .qualifiers = {{"u", "https://x/?y&z"}, {"e", ""}}}) ==
        "pkg:generic/a?u=https://x/%3Fy%26z");
}

TEST_CASE("a Debian package is known by architecture, release and source") {
    CHECK(
        sbom::purl_of(
            {.name = "libc6",
             .version = "2.41-12",
             .architecture = "amd64",
             .source = "glibc",
             .source_version = "2.41-12"},
            kDebian) == "pkg:deb/debian/libc6@2.41-12?arch=amd64&distro=debian-13&upstream=glibc");
    CHECK(
        sbom::purl_of(
            {.name = "bash",
             .version = "5.2-1+b1",
             .architecture = "arm64",
             .source = "bash",
             .source_version = "5.2-1"},
            kDebian) ==
        "pkg:deb/debian/bash@5.2-1%2Bb1?arch=arm64&distro=debian-13&upstream=bash%405.2-1");
}

TEST_CASE("packages of languages have the names of their registries") {
    const auto purl = [](Ecosystem ecosystem, const char* name) {
        return sbom::purl_of({.ecosystem = ecosystem, .name = name, .version = "1"}, {});
    };
    CHECK(purl(Ecosystem::python, "Foo_Bar") == "pkg:pypi/foo-bar@1");
    CHECK(purl(Ecosystem::node, "@scope/name") == "pkg:npm/%40scope/name@1");
    CHECK(purl(Ecosystem::go, "example.org/a/b") == "pkg:golang/example.org/a/b@1");
}

TEST_CASE("an archive is known by where it comes from") {
    CHECK(
        sbom::purl_of(
            {.ecosystem = Ecosystem::archive,
             .name = "node",
             .version = "22.1.0",
             .url = "https://example.org/node.tar.xz",
             .sha256 = "ab"},
            {}) == "pkg:generic/node@22.1.0?checksum=sha256:ab&download_url=https://example.org/"
                   "node.tar.xz");
}

TEST_CASE("an image is known by its digest") {
    CHECK(
        sbom::purl_of(sbom::Subject{
            .name = "CC",
            .digest = "sha256:ab",
            .platform = oci::Platform{"linux", "arm", "v7"}}) ==
        "pkg:oci/cc@sha256:ab?arch=arm&os=linux&variant=v7");
}

TEST_CASE("bytes that are no UTF-8 are replaced, one by one") {
    CHECK(sbom::clean_utf8("a\xc3\xa9\xf0\x9f\x98\x80z") == "a\xc3\xa9\xf0\x9f\x98\x80z");
    const std::string lost = "\xef\xbf\xbd";
    CHECK(sbom::clean_utf8("\xff") == lost);
    CHECK(sbom::clean_utf8("\xc3") == lost);
    CHECK(sbom::clean_utf8("\xc0\xaf") == lost + lost);
    CHECK(sbom::clean_utf8("\xed\xa0\x80") == lost + lost + lost);
    CHECK(sbom::clean_utf8("\xf4\x90\x80\x80").size() == 12);
}

} // namespace pare::test
