// SPDX-License-Identifier: Apache-2.0
#include "finish/busybox.hh"
#include "fixture.hh"
#include "support/files.hh"
#include "support/run_command.hh"
#include "support/text.hh"

#include <doctest/doctest.h>

#include <filesystem>
#include <initializer_list>
#include <string_view>

using pare::Bytes;
using pare::finish::busybox_applets;
using pare::finish::listing;
using pare::finish::TestImage;

namespace {

/// NUL-terminated names, one behind the other.
Bytes names(std::initializer_list<std::string_view> all) {
    Bytes bytes;
    for (const std::string_view name : all) {
        bytes.append(name).push_back('\0');
    }
    return bytes;
}

/// Where Debian puts busybox, dynamic or static; empty when it is not installed.
std::filesystem::path installed_busybox() {
    for (const char* path : {"/usr/bin/busybox", "/bin/busybox"}) {
        if (std::filesystem::exists(path)) {
            return path;
        }
    }
    return {};
}

} // namespace

TEST_CASE("the table of applets is found among other strings") {
    const Bytes table = names({"[", "[[", "ash", "cat", "ls", "sh", "zcat"});
    const std::vector<std::string> expected = {"[", "[[", "ash", "cat", "ls", "sh", "zcat"};
    CHECK(
        busybox_applets(
            Bytes("\x7f"
                  "ELF junk\xff ") +
            table + Bytes(1, '\0') + "/var/log") == expected);
    CHECK(busybox_applets(names({"usage", "A", "B"}) + table + names({"a", "b"})) == expected);
    CHECK(busybox_applets(names({"cat", "ls", "sh"}) + Bytes(3, '\0') + table) == expected);
}

TEST_CASE("a run that is unsorted, cut off or without the usual applets is no table") {
    CHECK(busybox_applets("").empty());
    CHECK(busybox_applets(names({"[", "cat", "awk", "ls", "sh"})).empty());
    CHECK(busybox_applets(names({"[", "cat", "ls"})).empty());
    CHECK(busybox_applets(names({"cat", "ls", "sh"}).substr(0, 9)).empty());
    CHECK(busybox_applets(names({"cat", "ls", "s/h", "sh"})).empty());
    CHECK(busybox_applets(names({"cat", std::string(40, 'd'), "ls", "sh"})).empty());
}

TEST_CASE("each applet becomes a symlink beside the binary") {
    TestImage image;
    // Not a whole ELF file, which the finisher does not need; the fixture would parse one.
    image.add_file("busybox/busybox", "no elf" + names({"[", "cat", "ls", "sh"}));
    CHECK(image.finish("busybox").empty());
    image.replace_bytes(
        "busybox/busybox", "\177ELF" + Bytes(1, '\0') + names({"[", "busybox", "cat", "ls", "sh"}));
    image.add_symlink("busybox/ls", "/elsewhere");
    CHECK(
        listing(image.finish("busybox")) == "busybox/[ -> /busybox/busybox\n"
                                            "busybox/cat -> /busybox/busybox\n"
                                            "busybox/sh -> /busybox/busybox\n");
    image.start_child_step();
    CHECK(image.finish("busybox").empty());
}

TEST_CASE("the applets are those that busybox itself lists") {
    const std::filesystem::path program = installed_busybox();
    if (program.empty()) {
        MESSAGE("busybox is not installed here: not compared");
        return;
    }
    const auto listed = pare::test::run_command({program.string(), "--list"});
    REQUIRE(listed.status == 0);
    std::vector<std::string> expected;
    for (const std::string_view name : pare::split_words(listed.output)) {
        expected.emplace_back(name);
    }
    CHECK(busybox_applets(pare::MappedFile(program).bytes()) == expected);
}
