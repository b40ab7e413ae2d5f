// SPDX-License-Identifier: Apache-2.0
// `timezone` and `locales`.
#include "folder.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::definition;

namespace {

const PackageRequest* request_of(const Step& step, std::string_view name) {
    for (const PackageRequest& request : step.packages) {
        if (request.name == name) {
            return &request;
        }
    }
    return nullptr;
}

} // namespace

TEST_CASE("locales are requests for the packages that have them") {
    const Folder folder;
    folder.write("x.yaml", "locales: [de_DE.UTF-8, C.UTF-8, C, POSIX, sr_RS@latin]\n");
    const Step step = folder.read("x.yaml").front().steps.front();
    CHECK(step.locales == Names{"de_DE.UTF-8", "C.UTF-8", "C", "POSIX", "sr_RS@latin"});
    CHECK(package_names(step) == Names{"libc-bin", "locales-all"});
    CHECK(step.packages[0].slice == "locale");
    CHECK(step.packages[1].slice == "compiled");
    CHECK(step.packages[1].locales == Names{"de_DE.UTF-8", "sr_RS@latin"});
    CHECK((step.packages[0].implied && step.packages[1].implied));
}

TEST_CASE("a step that adds locales names those below it too, one that adds none names nothing") {
    const Folder folder;
    folder.write(
        "base.yaml", "locales: [de_DE.UTF-8]\nvariants: {latest: {}, en: {locales: [C]}}\n");
    folder.write("x.yaml", "from: ./base.yaml\nlocales: [fr_FR.UTF-8]\ntimezone: Europe/Paris\n");
    const Chain chain = folder.read("x.yaml").front();
    REQUIRE(chain.steps.size() == 2);
    CHECK(request_of(chain.steps[0], "locales-all")->locales == Names{"de_DE.UTF-8"});
    CHECK(
        request_of(chain.steps[1], "locales-all")->locales == Names{"de_DE.UTF-8", "fr_FR.UTF-8"});
    const Chain variant = folder.read("base.yaml", {"en"}).front();
    CHECK(package_names(variant.steps.back()).empty());
}

TEST_CASE("time zone and locales are shown as they were written, not as packages") {
    const Folder folder;
    folder.write("base.yaml", "locales: [de_DE.UTF-8]\ntimezone: UTC\n");
    folder.write(
        "x.yaml", "from: ./base.yaml\nlocales: [C.UTF-8, de_DE.UTF-8]\ntimezone: Etc/GMT+1\n");
    const std::string shown = show_config(folder.read("x.yaml").front());
    CHECK(
        shown.find("timezone: \"Etc/GMT+1\"\nlocales:\n  - \"de_DE.UTF-8\"\n  - \"C.UTF-8\"\n") !=
        std::string::npos);
    CHECK(shown.find("locales-all") == std::string::npos);
    CHECK(shown.find("libc-bin") == std::string::npos);
    folder.write("again.yaml", shown);
    CHECK(folder.read("again.yaml").front().steps.front().timezone == "Etc/GMT+1");
}

TEST_CASE("names that cannot be time zones or locales are told at their place") {
    const Folder folder;
    const std::string zone = "expected the name of a time zone, like Europe/Berlin, got ";
    for (const char* name :
         {"../etc/passwd", "/Europe/Berlin", "Europe//Berlin", "Europe/", "zone.tab", "a b"}) {
        CHECK(
            folder.error(std::string("timezone: '") + name + "'\n") ==
            "x.yaml:1:11: " + zone + "'" + name + "'");
    }
    const std::string locale = "expected the name of a locale, like de_DE.UTF-8, got ";
    for (const char* name : {"de DE", "../x", "de/DE", "*", "@euro", ""}) {
        CHECK(
            folder.error(std::string("locales: ['") + name + "']\n") ==
            "x.yaml:1:11: " + locale + "'" + name + "'");
    }
    folder.write("x.yaml", "timezone:\nlocales:\n");
    const Step step = folder.read("x.yaml").front().steps.front();
    CHECK_FALSE(step.timezone.has_value());
    CHECK(step.packages.empty());
}
