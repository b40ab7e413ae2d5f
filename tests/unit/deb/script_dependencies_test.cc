// SPDX-License-Identifier: Apache-2.0
#include "deb/control.hh"
#include "deb/script_dependencies.hh"

#include <doctest/doctest.h>

namespace pare::deb {

namespace {

bool is_left_out(const std::string& package, std::string_view dependency) {
    const auto groups = parse_relations(dependency, "amd64", "test");
    REQUIRE(groups.size() == 1);
    const auto why = script_only({.name = package}, groups.front());
    CHECK((!why || !why->empty()));
    return why.has_value();
}

} // namespace

TEST_CASE("what only maintainer scripts call is left out, whoever depends on it") {
    CHECK(is_left_out("tzdata", "debconf (>= 0.5) | debconf-2.0"));
    CHECK(is_left_out("libpam-runtime", "debconf (>= 1.5.19) | cdebconf"));
    CHECK(is_left_out("fontconfig-config", "ucf (>= 0.29)"));
    CHECK(is_left_out("python3-minimal", "dpkg (>= 1.13.20)"));
    CHECK(is_left_out("librplay3", "dpkg (>= 1.15.4) | install-info"));
    CHECK(is_left_out("uuid-runtime", "adduser"));
    CHECK(is_left_out("apt", "base-passwd (>= 3.6.1) | adduser"));
    CHECK(is_left_out("nginx-common", "init-system-helpers (>= 1.54~)"));
    CHECK(is_left_out("oidentd", "sysvinit-utils (>= 3.05-4~) | lsb-base"));
}

TEST_CASE("what programs use stays") {
    for (const char* name :
         {"libc6",
          "libgcc-s1",
          "perl",
          "perl-base",
          "python3:any",
          "python3-minimal",
          "openssl",
          "passwd",
          "systemd",
          "coreutils",
          "sed",
          "tar",
          "ca-certificates",
          "media-types",
          "netbase",
          "base-files",
          "libdebconfclient0",
          "procps",
          "awk",
          "util-linux",
          "dbus",
          "sensible-utils",
          "debianutils",
          "dictionaries-common",
          "default-logind"}) {
        CAPTURE(name);
        CHECK_FALSE(is_left_out("some-package", name));
    }
}

TEST_CASE("some dependencies are known to be for the scripts of one package") {
    CHECK(is_left_out("base-files", "awk"));
    CHECK(is_left_out("ca-certificates", "openssl (>= 1.1.1)"));
    CHECK(is_left_out("openjdk-21-jre-headless", "util-linux (>= 2.26.2-4)"));
    CHECK(is_left_out("bash", "debianutils (>= 5.6-0.1)"));
    CHECK(is_left_out("openssh-client", "passwd"));
    CHECK(is_left_out("hunspell-en-us", "dictionaries-common (>= 0.10)"));
    CHECK(is_left_out("php8.4-fpm", "procps"));
    CHECK_FALSE(is_left_out("samba", "passwd"));
    CHECK_FALSE(is_left_out("aspell-en", "dictionaries-common"));
}

TEST_CASE("a group is left out only when all its alternatives are") {
    CHECK_FALSE(is_left_out("micro-httpd", "update-inetd | inet-superserver"));
    CHECK_FALSE(is_left_out("gpsd", "netbase | init-system-helpers"));
    CHECK_FALSE(is_left_out("vblade", "systemd | sysvinit-utils"));
    CHECK_FALSE(script_only({.name = "a"}, {}).has_value());
}

TEST_CASE("systemd is left out where it stands for sysusers or tmpfiles") {
    CHECK(is_left_out("bcron", "systemd | systemd-standalone-sysusers | systemd-sysusers"));
    CHECK(is_left_out("tomcat10", "systemd (>= 238) | systemd-tmpfiles"));
    CHECK(is_left_out("dbus-system-bus-common", "adduser (>= 3.130) | systemd-sysusers"));
    CHECK_FALSE(is_left_out("binfmtc", "binfmt-support | systemd"));
    CHECK_FALSE(is_left_out("btrfsmaintenance", "systemd | cron"));
}

TEST_CASE("tools that work on debconf, dpkg or accounts keep what they work with") {
    CHECK_FALSE(is_left_out("debconf-utils", "debconf (= 1.5.91)"));
    CHECK_FALSE(is_left_out("python3-debconf", "debconf (= 1.5.91)"));
    CHECK_FALSE(is_left_out("tasksel", "debconf | cdebconf"));
    CHECK_FALSE(is_left_out("dpkg-repack", "dpkg (>= 1.21.0)"));
    CHECK_FALSE(is_left_out("libdpkg-perl", "dpkg"));
    CHECK_FALSE(is_left_out("sysvinit-core", "sysvinit-utils"));
}

TEST_CASE("the reason is that of the first alternative") {
    const auto groups = parse_relations("dpkg (>= 1.15.4) | install-info", "amd64", "test");
    CHECK(
        script_only({.name = "gri"}, groups.front()) ==
        "installs packages; its version matters to their scripts");
}

} // namespace pare::deb
