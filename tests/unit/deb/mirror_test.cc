// SPDX-License-Identifier: Apache-2.0
#include "deb/sources.hh"
#include "support/expect.hh"
#include "support/files.hh"

#include <doctest/doctest.h>

#include <string>

using namespace pare;
using namespace pare::deb;

namespace {

const std::string kKeys = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]";

Mirror choose(const std::string& list, const std::string& sources = {}) {
    return choose_mirror(
        find_distribution("debian:13"),
        {.files = {{"/etc/apt/sources.list", list}, {"/etc/apt/x.sources", sources}}});
}

} // namespace

TEST_CASE("without anything that says otherwise, Debian's public archive is taken") {
    const Mirror mirror = choose("");
    CHECK(mirror.main == "http://ftp.debian.org/debian/");
    CHECK(mirror.security == "http://ftp.debian.org/debian-security/");
}

TEST_CASE("the option wins over the variable, the variable over the host") {
    const Distribution& debian = find_distribution("debian:13");
    MirrorChoice choice{
        .option = "http://o/debian",
        .variable = "http://v/debian/",
        .files = {{"a.list", "deb http://h/debian/ trixie main"}}};
    CHECK(choose_mirror(debian, choice).main == "http://o/debian/");
    CHECK(choose_mirror(debian, choice).security == "http://o/debian-security/");
    choice.option.clear();
    CHECK(choose_mirror(debian, choice).main == "http://v/debian/");
    choice.variable.clear();
    CHECK(choose_mirror(debian, choice).main == "http://h/debian/");
}

TEST_CASE("a mirror with another path needs its security archive named") {
    const Distribution& debian = find_distribution("debian:13");
    const Mirror mirror = choose_mirror(debian, {.option = "https://o/a,file:///srv/b"});
    CHECK(mirror.main == "https://o/a/");
    CHECK(mirror.security == "file:///srv/b/");
    for (const char* bad :
         {"https://o/a", "o/debian", "ftp://o/debian/", "http://", "http://a b/"}) {
        CAPTURE(bad);
        const Error error =
            test::error_of([&] { return choose_mirror(debian, {.variable = bad}); });
        CHECK(error.kind() == ErrorKind::usage);
        CHECK(error.message().starts_with("PARE_DEBIAN_MIRROR: "));
        CHECK(!error.hint().empty());
    }
}

TEST_CASE("the host's archive of the same release is taken") {
    const Mirror mirror =
        choose("deb http://old/debian bookworm main\ndeb http://new/debian trixie main\n"
               "deb http://new/debian-security trixie-security main\n");
    CHECK(mirror.main == "http://new/debian/");
    CHECK(mirror.security == "http://new/debian-security/");
}

TEST_CASE("else the host's archive of another release of Debian") {
    const Mirror mirror = choose(
        "", "Types: deb\nURIs: http://m/mirror\nSuites: bookworm bookworm-updates\n"
            "Components: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n\n"
            "Types: deb\nURIs: http://m/debian-security\nSuites: bookworm-security\n"
            "Components: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n");
    CHECK(mirror.main == "http://m/mirror/");
    CHECK(mirror.security == "http://m/debian-security/");
}

TEST_CASE("archives of others for Debian are not taken for Debian") {
    for (const char* line :
         {"deb [signed-by=/k/docker.asc] https://docker.example/linux/debian trixie stable",
          "deb https://docker.example/linux/debian trixie stable",
          "deb [signed-by=/k/php.gpg] https://php.example/php/ trixie main",
          "deb [signed-by=/k/php.gpg] https://php.example/debian/ trixie main",
          "deb [trusted=yes] http://local.example/debian/ trixie main",
          "deb http://snapshot.example/archive/debian/20260101T000000Z/ trixie main",
          "deb-src http://src.example/debian/ trixie main",
          "deb http://apt.example/pgdg trixie-pgdg main"}) {
        CHECK_MESSAGE(choose(line).main == "http://ftp.debian.org/debian/", line);
    }
}

TEST_CASE("an unusual path is taken when nothing is surer") {
    const std::string unusual = "deb http://inside/proxy-1 trixie main\n";
    CHECK(choose(unusual).main == "http://inside/proxy-1/");
    CHECK(choose(unusual + "deb " + kKeys + " http://m/d bookworm main\n").main == "http://m/d/");
}

TEST_CASE("what cannot be read among the host's sources hides nothing else") {
    const Mirror mirror = choose(
        "deb cdrom:[Debian]/ trixie main\ndeb [strange=1] http://x/debian/ trixie main\n"
        "deb http://m/debian/ trixie main\n",
        "Types: deb\nURIs: mirror+file:/etc/m\nSuites: trixie\nComponents: main\n\n"
        "Types: deb\nURIs: http://s/debian-security\nSuites: trixie-security\nComponents: main\n");
    CHECK(mirror.main == "http://m/debian/");
    CHECK(mirror.security == "http://s/debian-security/");
}

TEST_CASE("the host's sources are the list and the files beside it, in their order") {
    const TemporaryDirectory root;
    const auto apt = root.path() / "etc" / "apt";
    CHECK(read_host_sources(root.path()).empty());
    make_directories(apt / "sources.list.d");
    write_file(apt / "sources.list", "main");
    write_file(apt / "sources.list.d" / "b.sources", "b");
    write_file(apt / "sources.list.d" / "a.list", "a");
    write_file(apt / "sources.list.d" / "c.disabled", "c");
    const auto files = read_host_sources(root.path());
    REQUIRE(files.size() == 3);
    CHECK(files[0].second == "main");
    CHECK(files[1].second == "a");
    CHECK(files[2].second == "b");
    CHECK(files[2].first == (apt / "sources.list.d" / "b.sources").string());
}
