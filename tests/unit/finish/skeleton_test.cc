// SPDX-License-Identifier: Apache-2.0
#include "fixture.hh"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using pare::finish::finishers;
using pare::finish::listing;
using pare::finish::TestImage;

TEST_CASE("finishers have names of their own, in the order in which they run") {
    std::set<std::string_view> names;
    for (const auto& finisher : finishers()) {
        CHECK((finisher.run != nullptr));
        CHECK_FALSE(finisher.replaces_script.empty());
        names.insert(finisher.name);
    }
    CHECK(names.size() == finishers().size());
    CHECK(finishers().front().name == "usr-merge");
    CHECK(finishers().back().name == "ld.so.cache");
}

TEST_CASE("an image of nothing gets the symlinks of a merged /usr") {
    TestImage image;
    image.architecture = "arm64";
    CHECK(
        listing(image.finish("usr-merge")) == "usr/bin/ 0755 0:0\nbin -> usr/bin\n"
                                              "usr/lib/ 0755 0:0\nlib -> usr/lib\n"
                                              "usr/sbin/ 0755 0:0\nsbin -> usr/sbin\n");
    CHECK(image.finish("usr-merge").empty());
}

TEST_CASE("/lib64 is made where the loader lives in it, or where /usr/lib64 is") {
    for (const char* architecture : {"amd64", "ppc64el", "loong64"}) {
        TestImage image;
        image.architecture = architecture;
        CHECK(listing(image.finish("usr-merge")).find("lib64 -> usr/lib64") != std::string::npos);
    }
    for (const char* architecture : {"arm64", "armhf", "s390x", "riscv64", "i386"}) {
        TestImage image;
        image.architecture = architecture;
        CHECK(listing(image.finish("usr-merge")).find("lib64") == std::string::npos);
        image.add_directory("usr/lib64");
        CHECK(listing(image.finish("usr-merge")) == "lib64 -> usr/lib64\n");
    }
}

TEST_CASE("a parent image that is not merged keeps its directories") {
    TestImage image;
    image.add_directory("bin");
    image.add_directory("lib");
    image.add_directory("sbin");
    image.add_directory("lib64");
    CHECK(image.finish("usr-merge").empty());
}

TEST_CASE("/var/run and /var/lock lead to /run, and nothing but /tmp is writable for all") {
    TestImage image;
    image.add_directory("run");
    image.add_directory("tmp", 01777);
    image.add_directory("var/cache");
    CHECK(
        listing(image.finish("base-files")) ==
        "run/lock/ 0755 0:0\nvar/run -> /run\nvar/lock -> /run/lock\nvar/tmp -> ../tmp\n");
    CHECK(image.finish("base-files").empty());
    const auto* finisher = TestImage::find("base-files");
    CHECK(std::all_of(finisher->makes.begin(), finisher->makes.end(), [](const auto& pattern) {
        return pattern.package == "base-files";
    }));
    CHECK(finisher->makes.size() == 4);
}

TEST_CASE("without base-files nothing is made of /var") {
    TestImage image;
    image.add_file("usr/bin/server", "x");
    CHECK(image.finish("base-files").empty());
    image.add_directory("run");
    image.add_directory("var/run");
    image.add_directory("var/lock");
    CHECK(listing(image.finish("base-files")) == "run/lock/ 0755 0:0\n");
}
