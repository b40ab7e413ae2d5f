// SPDX-License-Identifier: Apache-2.0
#include "fixture.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

using pare::finish::listing;
using pare::finish::made_at;
using pare::finish::TestImage;

namespace {

/// An image with a few of tzdata's files that wants this time zone.
TestImage image_for(const char* zone) {
    TestImage image;
    image.add_file("usr/share/zoneinfo/Europe/Berlin", "TZif");
    image.add_file("usr/share/zoneinfo/America/New_York", "TZif");
    image.add_file("usr/share/zoneinfo/zone.tab", "#");
    image.add_file("usr/share/zoneinfo/leapseconds", "#");
    image.add_file("usr/share/zoneinfo/right/Europe/Berlin", "TZif");
    image.add_symlink("usr/share/zoneinfo/Europe/Busingen", "Berlin");
    image.add_symlink("usr/share/zoneinfo/localtime", "/etc/localtime");
    image.add_symlink("usr/share/zoneinfo/Gone", "nowhere");
    image.step.name = "server.yaml";
    image.step.timezone = zone;
    return image;
}

std::string refusal(TestImage image) {
    const auto error = pare::test::thrown_by([&] { return image.finish("timezone"); });
    return error ? pare::test::told(*error) : "no error";
}

constexpr const char* kNames =
    "zones have names like Europe/Berlin; from debian:13 on the old ones, like US/Eastern, are in "
    "the package tzdata-legacy";

} // namespace

TEST_CASE("the time zone of an image is a link and a name") {
    TestImage image = image_for("Europe/Berlin");
    const auto made = image.finish("timezone");
    CHECK(
        listing(made) ==
        "etc/localtime -> /usr/share/zoneinfo/Europe/Berlin\netc/timezone 0644 0:0\n");
    CHECK(made_at(made, "etc/timezone")->content == "Europe/Berlin\n");
    // Nothing changes in a step that says nothing; another one can say something else.
    image.start_child_step();
    CHECK(image.finish("timezone").empty());
    image.step.timezone = "Europe/Busingen";
    CHECK(made_at(image.finish("timezone"), "etc/timezone")->content == "Europe/Busingen\n");
    CHECK(refusal(image_for("right/Europe/Berlin")) == "no error");
}

TEST_CASE("files of the user for the time zone stay") {
    TestImage image = image_for("Europe/Berlin");
    image.add_user_file("etc/localtime", "TZif");
    CHECK(listing(image.finish("timezone")) == "etc/timezone 0644 0:0\n");
    image.add_user_file("etc/timezone", "UTC\n");
    CHECK(image.finish("timezone").empty());
}

TEST_CASE("a time zone that is not there is told, with one that is near") {
    const auto has_none = [](const std::string& zone, const std::string& hint) {
        return "server.yaml: 'timezone': the image has no time zone '" + zone + "' | " + hint;
    };
    CHECK(refusal(image_for("Berlin")) == has_none("Berlin", "did you mean 'Europe/Berlin'?"));
    CHECK(
        refusal(image_for("Europe/Berln")) ==
        has_none("Europe/Berln", "did you mean 'Europe/Berlin'?"));
    for (const char* zone : {"US/Eastern", "leapseconds", "localtime", "Gone", "Europe"}) {
        CHECK(refusal(image_for(zone)) == has_none(zone, kNames));
    }
    TestImage empty;
    empty.step.name = "server.yaml";
    empty.step.timezone = "Europe/Berlin";
    CHECK(
        refusal(empty) == "server.yaml: 'timezone': the image has no time zones | add tzdata to "
                          "contents.packages");
}
