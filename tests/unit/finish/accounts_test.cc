// SPDX-License-Identifier: Apache-2.0
#include "fixture.hh"

#include <doctest/doctest.h>

using pare::Error;
using pare::definition::Group;
using pare::definition::User;
using pare::finish::listing;
using pare::finish::made_at;
using pare::finish::TestImage;

namespace {

const User kRoot{.name = "root", .uid = 0, .gid = 0, .home = "/root", .shell = "/sbin/nologin"};
const User kNobody{
    .name = "nobody", .uid = 65534, .gid = 65534, .home = "/nonexistent", .shell = "/sbin/nologin"};
const User kNonroot{
    .name = "nonroot",
    .uid = 65532,
    .gid = 65532,
    .home = "/home/nonroot",
    .shell = "/sbin/nologin"};

/// A step that adds these accounts to those that were there.
void add_accounts(TestImage& image, std::vector<User> users, std::vector<Group> groups) {
    image.users.insert(image.users.end(), users.begin(), users.end());
    image.groups.insert(image.groups.end(), groups.begin(), groups.end());
    image.step.users = std::move(users);
    image.step.groups = std::move(groups);
}

} // namespace

TEST_CASE("passwd and group hold the accounts, byte by byte as distroless has them") {
    TestImage image;
    add_accounts(
        image, {kRoot, kNobody, kNonroot},
        {{"root", 0}, {"nobody", 65534}, {"tty", 5}, {"staff", 50}, {"nonroot", 65532}});
    const auto made = image.finish("accounts");
    REQUIRE(made_at(made, "etc/passwd") != nullptr);
    CHECK(
        made_at(made, "etc/passwd")->content ==
        "root:x:0:0:root:/root:/sbin/nologin\n"
        "nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\n"
        "nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n");
    REQUIRE(made_at(made, "etc/group") != nullptr);
    CHECK(
        made_at(made, "etc/group")->content ==
        "root:x:0:\nnobody:x:65534:\ntty:x:5:\nstaff:x:50:\nnonroot:x:65532:\n");
    CHECK(
        listing(made) ==
        "etc/passwd 0644 0:0\nroot/ 0700 0:0\nhome/nonroot/ 0700 65532:65532\netc/group 0644 0:0\n");
    CHECK(made_at(made, "etc/passwd")->entry.mtime == 1234);
    CHECK(image.tree.find(pare::ImagePath::parse("home"))->entry.mode == 0755);
}

TEST_CASE("a home that is there stays as it is, and no directory is made for no home") {
    TestImage image;
    image.add_directory("root", 0700);
    image.add_directory("usr/lib/app");
    image.add_symlink("app", "usr/lib/app");
    User system = kNonroot;
    system.home = "/app";
    User of_root = kNonroot;
    of_root.name = "top";
    of_root.home = "/";
    User none = kNonroot;
    none.name = "none";
    none.home = "/dev/null";
    add_accounts(image, {kRoot, kNobody, system, of_root, none}, {});
    CHECK(listing(image.finish("accounts")) == "etc/passwd 0644 0:0\n");
}

TEST_CASE("two accounts can share one home") {
    TestImage image;
    User second = kNonroot;
    second.name = "second";
    add_accounts(image, {kNonroot, second}, {});
    CHECK(
        listing(image.finish("accounts")) ==
        "etc/passwd 0644 0:0\nhome/nonroot/ 0700 65532:65532\n");
}

TEST_CASE("a step without accounts leaves those of its parent") {
    TestImage image;
    add_accounts(image, {kRoot}, {{"root", 0}});
    CHECK(image.finish("accounts").size() == 3);
    image.start_child_step();
    CHECK(image.finish("accounts").empty());
}

TEST_CASE("a step adds to and changes what its parent said") {
    TestImage image;
    add_accounts(image, {kRoot, kNonroot}, {});
    static_cast<void>(image.finish("accounts"));
    image.start_child_step();
    User root = kRoot;
    root.shell = "/busybox/sh";
    add_accounts(
        image, {root, {.name = "app", .uid = 7, .gid = 8, .home = "/nonexistent", .shell = ""}},
        {{"app", 8, {"app", "nonroot"}}});
    const auto made = image.finish("accounts");
    CHECK(
        made_at(made, "etc/passwd")->content == "root:x:0:0:root:/root:/busybox/sh\n"
                                                "nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/"
                                                "nologin\napp:x:7:8:app:/nonexistent:\n");
    CHECK(made_at(made, "etc/group")->content == "app:x:8:app,nonroot\n");
}

TEST_CASE("lines of an image below that no definition names stay") {
    TestImage image;
    image.add_file("etc/passwd", "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:::\n");
    image.add_directory("root");
    add_accounts(image, {kRoot}, {});
    const auto made = image.finish("accounts");
    CHECK(
        made_at(made, "etc/passwd")->content ==
        "root:x:0:0:root:/root:/sbin/nologin\ndaemon:x:1:1:::\n");
}

TEST_CASE("an account that would forge a line is refused") {
    for (const char* field : {"a:b", "a\nroot2:x:0:0"}) {
        TestImage image;
        User user = kNonroot;
        user.shell = field;
        add_accounts(image, {user}, {});
        CHECK_THROWS_AS(image.finish("accounts"), Error);
        TestImage groups;
        add_accounts(groups, {}, {{"g", 1, {field}}});
        CHECK_THROWS_AS(groups.finish("accounts"), Error);
    }
}
