// SPDX-License-Identifier: Apache-2.0
#include "elf/elf.hh"
#include "elf/machine.hh"
#include "finish/probe.hh"
#include "fixture.hh"

#include <doctest/doctest.h>

using pare::Error;
using pare::finish::built_in_probe;
using pare::finish::listing;
using pare::finish::made_at;
using pare::finish::TestImage;

namespace {

TestImage image_with_probe() {
    TestImage image;
    image.step.healthcheck = pare::definition::Healthcheck{.probe = "tcp://127.0.0.1:80"};
    return image;
}

} // namespace

TEST_CASE("an image whose health check is a URL gets the probe of its architecture") {
    for (const char* architecture : {"amd64", "arm64", "armhf", "ppc64el", "riscv64", "s390x"}) {
        CAPTURE(architecture);
        TestImage image = image_with_probe();
        image.architecture = architecture;
        const auto made = image.finish("probe");
        CHECK(listing(made) == "usr/bin/pare-probe 0755 0:0\n");
        const auto elf = pare::elf::parse_elf(made.front().content, "probe");
        REQUIRE(elf.has_value());
        CHECK(elf->machine == pare::elf::machine_number(architecture));
        CHECK(elf->needed.empty());
        CHECK(made.front().content == built_in_probe(architecture));
    }
}

TEST_CASE("an image without a health check, or with a program as one, gets no probe") {
    TestImage image;
    CHECK(image.finish("probe").empty());
    image.step.healthcheck = pare::definition::Healthcheck{.test = {"CMD", "/check"}};
    CHECK(image.finish("probe").empty());
}

TEST_CASE("a child does not bring the probe of its parent again") {
    TestImage image = image_with_probe();
    CHECK(image.finish("probe").size() == 1);
    image.start_child_step();
    CHECK(image.finish("probe").empty());
    image.step.healthcheck = pare::definition::Healthcheck{.probe = "file:///run/alive"};
    CHECK(image.finish("probe").empty());
    image.replace_bytes("usr/bin/pare-probe", "of an older pare");
    CHECK(image.finish("probe").size() == 1);
}

TEST_CASE("a probe of the user stays") {
    TestImage image = image_with_probe();
    image.add_user_file("usr/bin/pare-probe", "mine");
    CHECK(image.finish("probe").empty());
}

TEST_CASE("an architecture without a probe is an error that says what to do") {
    TestImage image = image_with_probe();
    image.step.name = "server.yaml";
    image.architecture = "i386";
    CHECK_THROWS_WITH_AS(
        image.finish("probe"), "server.yaml: 'healthcheck': there is no probe for i386", Error);
}
