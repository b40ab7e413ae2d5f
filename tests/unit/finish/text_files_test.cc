// SPDX-License-Identifier: Apache-2.0
#include "finish/os_release.hh"
#include "fixture.hh"

#include <doctest/doctest.h>

using pare::Error;
using pare::ImagePath;
using pare::finish::made_at;
using pare::finish::TestImage;
using pare::finish::write_os_release;

namespace {

constexpr const char* kTrixie = "PRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n"
                                "NAME=\"Debian GNU/Linux\"\n"
                                "VERSION_ID=\"13\"\n"
                                "VERSION=\"13 (trixie)\"\n"
                                "VERSION_CODENAME=trixie\n"
                                "DEBIAN_VERSION_FULL=13.8\n"
                                "ID=debian\n"
                                "HOME_URL=\"https://www.debian.org/\"\n"
                                "SUPPORT_URL=\"https://www.debian.org/support\"\n"
                                "BUG_REPORT_URL=\"https://bugs.debian.org/\"\n";

constexpr const char* kBundle = "etc/ssl/certs/ca-certificates.crt";

} // namespace

TEST_CASE("os-release keeps what it was not asked to change, in one order") {
    CHECK(
        write_os_release(kTrixie, {{"PRETTY_NAME", "Acme"}, {"IMAGE_ID", "acme"}}) ==
        "PRETTY_NAME=\"Acme\"\n"
        "NAME=\"Debian GNU/Linux\"\n"
        "ID=\"debian\"\n"
        "VERSION_ID=\"13\"\n"
        "VERSION=\"13 (trixie)\"\n"
        "HOME_URL=\"https://www.debian.org/\"\n"
        "SUPPORT_URL=\"https://www.debian.org/support\"\n"
        "BUG_REPORT_URL=\"https://bugs.debian.org/\"\n"
        "VERSION_CODENAME=\"trixie\"\n"
        "DEBIAN_VERSION_FULL=\"13.8\"\n"
        "IMAGE_ID=\"acme\"\n");
}

TEST_CASE("os-release values come through a shell's quotes unharmed") {
    const std::string text =
        write_os_release("# comment\n\nbad line\nNAME='a b'\n", {{"ID", "a\"$`\\b"}});
    CHECK(text == "NAME=\"a b\"\nID=\"a\\\"\\$\\`\\\\b\"\n");
    CHECK(write_os_release(text, {}) == text);
    CHECK(write_os_release("", {}).empty());
    CHECK(write_os_release("X=1\nY=2\nX=3\n", {}) == "X=\"3\"\nY=\"2\"\n");
}

TEST_CASE("a field that os-release cannot hold is refused") {
    CHECK_THROWS_AS(static_cast<void>(write_os_release("", {{"pretty name", "x"}})), Error);
    CHECK_THROWS_AS(static_cast<void>(write_os_release("", {{"", "x"}})), Error);
    CHECK_THROWS_AS(static_cast<void>(write_os_release("", {{"NAME", "x\nID=y"}})), Error);
    CHECK_THROWS_AS(static_cast<void>(write_os_release("NAME=\"open\n", {})), Error);
}

TEST_CASE("os-release is made from base-files' own, only when the definition has fields") {
    const auto* finisher = TestImage::find("os-release");
    TestImage image;
    CHECK_FALSE(finisher->wanted(image.step));
    CHECK(image.finish("os-release").empty());
    image.step.os_release = {{"PRETTY_NAME", "Acme"}};
    CHECK(finisher->wanted(image.step));
    image.aside.emplace(ImagePath::parse("usr/lib/os-release"), kTrixie);
    const auto made = image.finish("os-release");
    REQUIRE(made_at(made, "usr/lib/os-release") != nullptr);
    CHECK(made_at(made, "usr/lib/os-release")->entry.mode == 0644);
    CHECK(made_at(made, "usr/lib/os-release")->content.find("\"13\"") != std::string::npos);
    REQUIRE(made_at(made, "etc/os-release") != nullptr);
    CHECK(made_at(made, "etc/os-release")->entry.link == "../usr/lib/os-release");
}

TEST_CASE("a child step changes the os-release of its parent") {
    TestImage image;
    image.step.os_release = {{"PRETTY_NAME", "Parent"}, {"NAME", "N"}};
    static_cast<void>(image.finish("os-release"));
    image.start_child_step();
    image.step.os_release = {{"PRETTY_NAME", "Child"}};
    const auto made = image.finish("os-release");
    REQUIRE(made.size() == 1);
    CHECK(made[0].content == "PRETTY_NAME=\"Child\"\nNAME=\"N\"\n");
}

TEST_CASE("the user's own os-release and CA bundle stay") {
    TestImage image;
    image.add_user_file("usr/lib/os-release", "NAME=mine\n");
    image.add_user_file(kBundle, "mine\n");
    image.add_file("usr/share/ca-certificates/mozilla/A.crt", "A\n");
    image.step.os_release = {{"NAME", "other"}};
    CHECK(image.finish("os-release").empty());
    CHECK(image.finish("ca-certificates").empty());
}

TEST_CASE("the CA bundle is every packaged certificate in bytewise order, then the local ones") {
    TestImage image;
    image.add_file("usr/share/ca-certificates/mozilla/b.crt", "b\n");
    image.add_file("usr/share/ca-certificates/mozilla/B.crt", "B");
    image.add_file("usr/local/share/ca-certificates/acme.crt", "acme\n");
    image.add_file("usr/share/ca-certificates/mozilla/README", "no certificate\n");
    image.aside.emplace(ImagePath::parse("usr/share/ca-certificates/mozilla-x/a.crt"), "a\n");
    image.aside.emplace(ImagePath::parse("usr/lib/os-release"), "NAME=x\n");
    const auto made = image.finish("ca-certificates");
    REQUIRE(made.size() == 1);
    CHECK(made[0].entry.path.relative() == kBundle);
    CHECK(made[0].entry.mode == 0644);
    CHECK(made[0].content == "a\nB\nb\nacme\n");
    CHECK(made[0].entry.size == made[0].content.size());
}

TEST_CASE(
    "a child step adds its certificates to the parent's bundle, and nothing when it has none") {
    TestImage image;
    image.aside.emplace(ImagePath::parse("usr/share/ca-certificates/mozilla/a.crt"), "aaa\n");
    static_cast<void>(image.finish("ca-certificates"));
    image.start_child_step();
    CHECK(image.finish("ca-certificates").empty());
    image.add_user_file("usr/local/share/ca-certificates/acme.crt", "acme\n");
    image.add_user_file("usr/local/share/ca-certificates/again.crt", "aaa\n");
    const auto made = image.finish("ca-certificates");
    REQUIRE(made.size() == 1);
    CHECK(made[0].content == "aaa\nacme\n");
}

TEST_CASE("without certificates there is no bundle") {
    TestImage image;
    image.add_file("usr/bin/server", "x");
    CHECK(image.finish("ca-certificates").empty());
}
