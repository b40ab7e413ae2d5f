// SPDX-License-Identifier: Apache-2.0
#include "fixture.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

using pare::Error;
using pare::ErrorKind;
using pare::definition::PathMutation;
using pare::definition::PathType;
using pare::finish::listing;
using pare::finish::made_at;
using pare::finish::TestImage;
using pare::tree::EntryType;

namespace {

/// What `paths` with these entries makes of the image.
std::vector<pare::finish::Generated> mutate(TestImage& image, std::vector<PathMutation> paths) {
    image.step.paths = std::move(paths);
    return image.finish("paths");
}

std::string refusal(TestImage& image, PathMutation mutation) {
    mutation.where = {"server.yaml", 7, 3};
    const Error error = pare::test::error_of([&] { return mutate(image, {std::move(mutation)}); });
    CHECK(error.kind() == ErrorKind::definition);
    return error.where().str() + ": " + error.message();
}

} // namespace

TEST_CASE("no paths, no change") {
    TestImage image;
    image.add_file("etc/x", "x");
    CHECK(mutate(image, {}).empty());
}

TEST_CASE("a new directory is 0755 and root's unless told otherwise") {
    TestImage image;
    const auto made =
        mutate(image, {{.path = "/data"}, {.path = "/var/lib/app", .mode = 0700, .uid = 65532}});
    CHECK(listing(made) == "data/ 0755 0:0\nvar/lib/app/ 0700 65532:0\n");
    CHECK(made[0].entry.mtime == 1234);
}

TEST_CASE("a directory that is there is changed, not made") {
    TestImage image;
    image.add_directory("srv", 0700);
    image.add_symlink("alias", "srv");
    CHECK(mutate(image, {{.path = "/srv"}}).empty());
    CHECK(listing(mutate(image, {{.path = "/alias", .mode = 0750}})) == "srv/ 0750 0:0\n");
    image.add_file("etc/x", "x");
    CHECK_FALSE(refusal(image, {.path = "/etc/x/below"}).empty());
}

TEST_CASE("an empty file, and a symlink over a file") {
    TestImage image;
    image.add_file("etc/x", "content");
    const auto made = mutate(
        image,
        {{.type = PathType::empty_file, .path = "/etc/empty", .mode = 0600, .uid = 1, .gid = 2},
         {.type = PathType::symlink, .path = "/etc/x", .source = "/etc/empty", .mode = 0}});
    CHECK(listing(made) == "etc/empty 0600 1:2\netc/x -> /etc/empty\n");
    CHECK(made_at(made, "etc/empty")->entry.size == 0);
    CHECK(made_at(made, "etc/x")->entry.mode == 0777);
}

TEST_CASE("a hard link is a copy with the owner and mode of its source") {
    TestImage image;
    image.add_file("usr/bin/a", "program");
    image.add_symlink("usr/bin/b", "a");
    const auto made = mutate(
        image, {{.type = PathType::hard_link, .path = "/usr/bin/c", .source = "/usr/bin/b"},
                {.type = PathType::hard_link,
                 .path = "/usr/bin/d",
                 .source = "/usr/bin/c",
                 .mode = 0755}});
    CHECK(listing(made) == "usr/bin/c 0644 0:0\nusr/bin/d 0755 0:0\n");
    CHECK(made[0].content == "program");
    CHECK(made[1].content == "program");
    CHECK(made[1].entry.size == 7);
}

TEST_CASE("permissions change owner and mode but not the bytes") {
    TestImage image;
    image.add_file("usr/bin/a", "program");
    image.add_symlink("bin", "usr/bin");
    const auto made =
        mutate(image, {{.type = PathType::permissions, .path = "/bin/a", .mode = 04755}});
    CHECK(listing(made) == "usr/bin/a 4755 0:0\n");
    CHECK(made[0].same_content);
    CHECK(made[0].content.empty());
    CHECK(made[0].entry.size == 7);
    CHECK(made[0].entry.mtime == 0);
    CHECK(mutate(image, {{.type = PathType::permissions, .path = "/usr/bin/a", .mode = 04755}})
              .empty());
}

TEST_CASE("permissions of what an earlier entry of paths made go with its bytes") {
    TestImage image;
    image.add_file("usr/bin/a", "program");
    const auto made = mutate(
        image, {{.type = PathType::hard_link, .path = "/usr/bin/c", .source = "/usr/bin/a"},
                {.type = PathType::permissions, .path = "/usr/bin/c", .mode = 0700}});
    REQUIRE(made.size() == 1);
    CHECK(made[0].entry.mode == 0700);
    CHECK(made[0].content == "program");
    CHECK_FALSE(made[0].same_content);
}

TEST_CASE("a packaged hard link that is changed becomes a file of its own") {
    TestImage image;
    image.add_file("usr/bin/perl", "perl");
    image.add_hard_link("usr/bin/perl5.36", "usr/bin/perl");
    const auto made =
        mutate(image, {{.type = PathType::permissions, .path = "/usr/bin/perl5.36", .mode = 0700}});
    REQUIRE(made.size() == 1);
    CHECK(made[0].entry.type == EntryType::file);
    CHECK(made[0].entry.path.relative() == "usr/bin/perl5.36");
    CHECK(made[0].content == "perl");
    CHECK(made[0].entry.link.empty());
}

TEST_CASE("recursive reaches everything below, and of symlinks only the owner") {
    TestImage image;
    image.add_directory("data");
    image.add_directory("data/d");
    image.add_file("data/d/f", "f");
    image.add_symlink("data/link", "/etc");
    image.add_file("data-not", "x");
    CHECK(
        listing(mutate(
            image, {{.type = PathType::permissions,
                     .path = "/data",
                     .mode = 0770,
                     .uid = 5,
                     .gid = 6,
                     .recursive = true}})) ==
        "data/ 0770 5:6\ndata/d/ 0770 5:6\ndata/d/f 0770 5:6\ndata/link -> /etc\n");
    const auto* link = image.tree.find(pare::ImagePath::parse("data/link"));
    CHECK(link->entry.mode == 0777);
    CHECK(link->entry.uid == 5);
}

TEST_CASE("what is not there cannot be changed or linked, and the place is told") {
    TestImage image;
    image.add_directory("etc");
    CHECK(refusal(image, {.type = PathType::permissions, .path = "/etc/x"})
              .starts_with("server.yaml:7:3: "));
    CHECK_FALSE(
        refusal(image, {.type = PathType::hard_link, .path = "/a", .source = "/etc/x"}).empty());
    CHECK(
        refusal(image, {.type = PathType::hard_link, .path = "/a", .source = "/etc"}) ==
        "server.yaml:7:3: /etc is no file, so /a cannot be a hard link to it");
    image.add_file("etc/y", "y");
    CHECK_FALSE(refusal(image, {.type = PathType::symlink, .path = "/etc", .source = "x"}).empty());
}
