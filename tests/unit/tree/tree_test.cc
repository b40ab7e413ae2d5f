// SPDX-License-Identifier: Apache-2.0
#include "support/expect.hh"
#include "tree/tree.hh"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using pare::Error;
using pare::ErrorKind;
using pare::ImagePath;
using pare::tree::Entry;
using pare::tree::EntryType;
using pare::tree::Node;
using pare::tree::Origin;
using pare::tree::OriginKind;
using pare::tree::Tree;
using Added = Tree::Added;

namespace {

Entry file(std::string_view path, std::uint64_t size = 1) {
    return {.path = ImagePath::parse(path), .mode = 0644, .size = size};
}

Entry directory(std::string_view path, std::uint32_t mode = 0755) {
    return {.path = ImagePath::parse(path), .type = EntryType::directory, .mode = mode};
}

Entry symlink(std::string_view path, std::string_view target) {
    return {
        .path = ImagePath::parse(path),
        .type = EntryType::symlink,
        .mode = 0777,
        .link = std::string(target)};
}

Entry hard_link(std::string_view path, std::string_view target) {
    return {
        .path = ImagePath::parse(path),
        .type = EntryType::hard_link,
        .mode = 0644,
        .link = std::string(target)};
}

bool differs(const Node& /*earlier*/, const Entry& /*later*/) {
    return false;
}

bool equals(const Node& /*earlier*/, const Entry& /*later*/) {
    return true;
}

/// The error that adding throws, as `message | hint`; empty when it does not.
std::string refusal(Tree& tree, const Entry& entry, std::size_t origin) {
    const auto error = pare::test::thrown_by([&] { return tree.add(entry, origin, differs); });
    if (!error) {
        return {};
    }
    CHECK(error->kind() == ErrorKind::definition);
    return pare::test::told(*error);
}

const Node* at(const Tree& tree, std::string_view path) {
    return tree.find(ImagePath::parse(path));
}

const Node* end_of(const Tree& tree, std::string_view path) {
    return tree.resolve(ImagePath::parse(path));
}

} // namespace

TEST_CASE("nodes stand in path order, parents before what they hold") {
    Tree tree;
    const std::size_t origin = tree.add_origin({.name = "a"});
    for (const char* path : {"usr/bin-old", "usr/bin/x", "usr/a"}) {
        CHECK(tree.add(file(path), origin, differs) == Added::placed);
    }
    CHECK(tree.add(directory("usr/bin"), origin, differs) == Added::placed);
    std::string order;
    for (const auto& [path, node] : tree.nodes()) {
        order += path.relative() + " ";
    }
    CHECK(order == "usr/a usr/bin usr/bin/x usr/bin-old ");
}

TEST_CASE("directories of two packages merge and the first one's metadata stays") {
    Tree tree;
    const std::size_t first = tree.add_origin({.name = "a"});
    const std::size_t second = tree.add_origin({.name = "b"});
    CHECK(tree.add(directory("var/cache", 0700), first, differs) == Added::placed);
    CHECK(tree.add(directory("var/cache", 0755), second, differs) == Added::kept_earlier);
    CHECK(at(tree, "var/cache")->entry.mode == 0700);
    CHECK(at(tree, "var/cache")->origin == first);
}

TEST_CASE("a finisher changes the metadata of a directory, the user's files do not") {
    Tree tree;
    const std::size_t package = tree.add_origin({.name = "a"});
    const std::size_t user = tree.add_origin({.kind = OriginKind::user, .name = "server.yaml"});
    const std::size_t finisher = tree.add_origin({.kind = OriginKind::finisher, .name = "paths"});
    static_cast<void>(tree.add(directory("tmp", 01777), package, differs));
    CHECK(tree.add(directory("tmp", 0755), user, differs) == Added::kept_earlier);
    CHECK(tree.add(directory("tmp", 01777), finisher, differs) == Added::kept_earlier);
    CHECK(tree.add(directory("tmp", 0700), finisher, differs) == Added::replaced_earlier);
    CHECK(at(tree, "tmp")->entry.mode == 0700);
}

TEST_CASE("missing parents are root-owned 0755 and give way to a package's own directory") {
    Tree tree;
    const std::size_t first = tree.add_origin({.name = "a"});
    const std::size_t second = tree.add_origin({.name = "b"});
    const auto made = tree.add_missing_parents(ImagePath::parse("var/lib/x/file"), first, 7);
    REQUIRE(made.size() == 3);
    CHECK(
        made[0] == Entry{
                       .path = ImagePath::parse("var"),
                       .type = EntryType::directory,
                       .mode = 0755,
                       .mtime = 7});
    CHECK(made[2].path.relative() == "var/lib/x");
    CHECK(tree.add_missing_parents(ImagePath::parse("var/lib/x/file"), first, 7).empty());
    CHECK(tree.add(directory("var/lib/x", 0700), second, differs) == Added::replaced_earlier);
    CHECK(at(tree, "var/lib/x")->origin == second);
    CHECK(tree.add(directory("var/lib/x", 0711), first, differs) == Added::kept_earlier);
}

TEST_CASE("two packages with different files at one path are refused by name") {
    Tree tree;
    const std::size_t first = tree.add_origin({.name = "gawk"});
    const std::size_t second = tree.add_origin({.name = "mawk"});
    static_cast<void>(tree.add(file("usr/bin/awk"), first, differs));
    CHECK(
        refusal(tree, file("usr/bin/awk"), second) ==
        "package 'gawk' and package 'mawk' cannot both have /usr/bin/awk: the two differ | leave "
        "one out ('!mawk' in contents.packages), or take only a part of it with 'include:'");
    CHECK(
        refusal(tree, symlink("usr/bin/awk", "gawk"), second).find("differ") != std::string::npos);
}

TEST_CASE("content is compared only for files of equal size") {
    Tree tree;
    const std::size_t first = tree.add_origin({.name = "a"});
    const std::size_t second = tree.add_origin({.name = "b"});
    static_cast<void>(tree.add(file("usr/share/x", 5), first, differs));
    CHECK(tree.add(file("usr/share/x", 5), second, equals) == Added::kept_earlier);
    CHECK_THROWS_AS(static_cast<void>(tree.add(file("usr/share/x", 6), second, equals)), Error);
}

TEST_CASE("equal symlinks of two packages merge") {
    Tree tree;
    const std::size_t first = tree.add_origin({.name = "a"});
    const std::size_t second = tree.add_origin({.name = "b"});
    static_cast<void>(tree.add(symlink("usr/lib/x.so", "x.so.1"), first, differs));
    CHECK(tree.add(symlink("usr/lib/x.so", "x.so.1"), second, differs) == Added::kept_earlier);
    CHECK_THROWS_AS(
        static_cast<void>(tree.add(symlink("usr/lib/x.so", "x.so.2"), second, differs)), Error);
}

TEST_CASE("Replaces settles whose file it is, in either order") {
    Tree tree;
    const std::size_t old_name = tree.add_origin({.name = "old"});
    const std::size_t taker = tree.add_origin({.name = "new", .replaces = {"old"}});
    static_cast<void>(tree.add(file("usr/bin/a", 1), old_name, differs));
    CHECK(tree.add(file("usr/bin/a", 2), taker, differs) == Added::replaced_earlier);
    CHECK(at(tree, "usr/bin/a")->entry.size == 2);
    static_cast<void>(tree.add(file("usr/bin/b", 2), taker, differs));
    CHECK(tree.add(file("usr/bin/b", 1), old_name, differs) == Added::kept_earlier);
    CHECK(at(tree, "usr/bin/b")->origin == taker);
}

TEST_CASE("a package that diverts another's file takes its place") {
    Tree tree;
    const std::size_t gzip = tree.add_origin({.name = "gzip"});
    const std::size_t zutils = tree.add_origin({.name = "zutils"});
    static_cast<void>(tree.add(file("usr/bin/zcat", 1), gzip, differs));
    CHECK(tree.add(file("usr/bin/zcat", 2), zutils, differs) == Added::replaced_earlier);
    static_cast<void>(tree.add(file("usr/bin/zgrep", 2), zutils, differs));
    CHECK(tree.add(file("usr/bin/zgrep", 1), gzip, differs) == Added::kept_earlier);
    static_cast<void>(tree.add(file("usr/bin/gzip", 1), gzip, differs));
    CHECK_FALSE(refusal(tree, file("usr/bin/gzip", 2), zutils).empty());
}

TEST_CASE("what finishers and the user bring stands above packages, and those above the base") {
    Tree tree;
    const std::size_t base = tree.add_origin({.kind = OriginKind::base, .name = "oci:base"});
    const std::size_t package = tree.add_origin({.name = "a"});
    const std::size_t user = tree.add_origin({.kind = OriginKind::user, .name = "server.yaml"});
    const std::size_t finisher =
        tree.add_origin({.kind = OriginKind::finisher, .name = "accounts"});
    static_cast<void>(tree.add(file("etc/x", 1), base, differs));
    CHECK(tree.add(file("etc/x", 2), package, differs) == Added::replaced_earlier);
    CHECK(tree.add(file("etc/x", 3), user, differs) == Added::replaced_earlier);
    CHECK(tree.add(file("etc/x", 4), package, differs) == Added::kept_earlier);
    CHECK(tree.add(file("etc/x", 4), finisher, differs) == Added::replaced_earlier);
    CHECK(tree.add(file("etc/x", 5), package, differs) == Added::kept_earlier);
    CHECK(at(tree, "etc/x")->origin == finisher);
}

TEST_CASE("one origin cannot bring two different files to one path") {
    Tree tree;
    const std::size_t package = tree.add_origin({.name = "a"});
    static_cast<void>(tree.add(file("usr/lib/x", 1), package, differs));
    CHECK(refusal(tree, file("usr/lib/x", 1), package)
              .starts_with("package 'a' brings /usr/lib/x twice, and the two differ"));
    CHECK(tree.add(file("usr/lib/x", 1), package, equals) == Added::kept_earlier);
}

TEST_CASE("a symlink between the halves of an unmerged system gives way to the file") {
    Tree tree;
    const std::size_t package = tree.add_origin({.name = "coreutils"});
    static_cast<void>(tree.add(file("usr/bin/touch"), package, differs));
    CHECK(
        tree.add(symlink("usr/bin/touch", "/bin/touch"), package, differs) == Added::kept_earlier);
    static_cast<void>(tree.add(symlink("usr/lib/y", "../../lib/y"), package, differs));
    CHECK(tree.add(file("usr/lib/y"), package, differs) == Added::replaced_earlier);
}

TEST_CASE("nothing lies below a file, and no file stands where a directory holds something") {
    Tree tree;
    const std::size_t first = tree.add_origin({.name = "a"});
    const std::size_t second = tree.add_origin({.name = "b"});
    static_cast<void>(tree.add(file("opt/x"), first, differs));
    CHECK(
        refusal(tree, file("opt/x/y/z"), second)
            .starts_with(
                "/opt/x/y/z cannot be in the image: /opt/x is not a directory there, from package 'a'"));
    static_cast<void>(tree.add(file("srv/d/file"), first, differs));
    CHECK(refusal(tree, file("srv/d"), second).find("for /srv/d/file") != std::string::npos);
    static_cast<void>(tree.add(directory("srv/d"), first, differs));
    CHECK_FALSE(refusal(tree, symlink("srv/d", "/opt"), second).empty());
    CHECK_FALSE(refusal(tree, directory("opt/x"), second).empty());
}

TEST_CASE("only a finisher puts a link over a directory, and only over an empty one") {
    Tree tree;
    const std::size_t package = tree.add_origin({.name = "base-files"});
    const std::size_t finisher =
        tree.add_origin({.kind = OriginKind::finisher, .name = "base-files"});
    static_cast<void>(tree.add(directory("var/run"), package, differs));
    CHECK_FALSE(refusal(tree, symlink("var/run", "/run"), package).empty());
    CHECK(tree.add(symlink("var/run", "/run"), finisher, differs) == Added::replaced_earlier);
    static_cast<void>(tree.add(directory("var/mail"), package, differs));
    static_cast<void>(tree.add(file("var/mail/x"), package, differs));
    CHECK_FALSE(refusal(tree, symlink("var/mail", "/run"), finisher).empty());
}

TEST_CASE("a directory where a symlink leads to a directory keeps the symlink") {
    Tree tree;
    const std::size_t first = tree.add_origin({.name = "a"});
    const std::size_t second = tree.add_origin({.name = "b"});
    static_cast<void>(tree.add(directory("usr/lib/real"), first, differs));
    static_cast<void>(tree.add(symlink("usr/lib/alias", "real"), first, differs));
    CHECK(tree.add(directory("usr/lib/alias"), second, differs) == Added::kept_earlier);
    static_cast<void>(tree.add(symlink("usr/lib/dangling", "nowhere"), first, differs));
    CHECK_FALSE(refusal(tree, directory("usr/lib/dangling"), second).empty());
}

TEST_CASE("an entry below a symlink goes to the real place") {
    Tree tree;
    const std::size_t first = tree.add_origin({.name = "a"});
    const std::size_t second = tree.add_origin({.name = "b"});
    static_cast<void>(tree.add(directory("usr/lib/real"), first, differs));
    static_cast<void>(tree.add(directory("usr/lib/real/deep"), first, differs));
    static_cast<void>(tree.add(symlink("usr/lib/alias", "/usr/lib/real"), first, differs));
    static_cast<void>(tree.add(symlink("usr/lib/real/again", "deep"), first, differs));
    CHECK(
        tree.real_path(ImagePath::parse("usr/lib/alias/again/x")).relative() ==
        "usr/lib/real/deep/x");
    CHECK(tree.add(file("usr/lib/alias/again/x"), second, differs) == Added::placed);
    CHECK(at(tree, "usr/lib/alias/again/x") == nullptr);
    REQUIRE(at(tree, "usr/lib/real/deep/x") != nullptr);
    CHECK(at(tree, "usr/lib/real/deep/x")->entry.path.relative() == "usr/lib/real/deep/x");
    CHECK(
        tree.add_missing_parents(ImagePath::parse("usr/lib/alias/new/x"), second, 0)
            .at(0)
            .path.relative() == "usr/lib/real/new");
    static_cast<void>(tree.add(symlink("usr/lib/out", "../../../../etc"), first, differs));
    CHECK(
        refusal(tree, file("usr/lib/out/passwd"), second).find("symlink to no directory") !=
        std::string::npos);
    static_cast<void>(tree.add(symlink("usr/lib/round", "round"), first, differs));
    CHECK_FALSE(refusal(tree, file("usr/lib/round/x"), second).empty());
}

TEST_CASE("resolve follows links inside the tree, forty at most") {
    Tree tree;
    const std::size_t origin = tree.add_origin({.name = "a"});
    static_cast<void>(tree.add(symlink("lib", "usr/lib"), origin, differs));
    static_cast<void>(tree.add(file("usr/lib/x.so.1"), origin, differs));
    static_cast<void>(tree.add(symlink("usr/lib/x.so", "/lib/./x.so.1"), origin, differs));
    static_cast<void>(tree.add(symlink("etc/up", "../../../usr/lib/x.so"), origin, differs));
    CHECK(end_of(tree, "lib/x.so") == at(tree, "usr/lib/x.so.1"));
    CHECK(end_of(tree, "etc/up") == at(tree, "usr/lib/x.so.1"));
    CHECK(end_of(tree, "lib/x.so/below") == nullptr);
    CHECK(end_of(tree, "lib/none") == nullptr);
    static_cast<void>(tree.add(file("chain/0"), origin, differs));
    for (int i = 1; i <= 41; ++i) {
        static_cast<void>(tree.add(
            symlink("chain/" + std::to_string(i), std::to_string(i - 1)), origin, differs));
    }
    CHECK(end_of(tree, "chain/40") == at(tree, "chain/0"));
    CHECK(end_of(tree, "chain/41") == nullptr);
}

TEST_CASE("a hard link needs its target in the image") {
    Tree tree;
    const std::size_t origin = tree.add_origin({.name = "a"});
    CHECK(
        refusal(tree, hard_link("usr/bin/b", "usr/bin/a"), origin)
            .starts_with(
                "/usr/bin/b of package 'a' is a hard link to /usr/bin/a, which is no file of the image"));
    static_cast<void>(tree.add(file("usr/bin/a"), origin, differs));
    CHECK(tree.add(hard_link("usr/bin/b", "usr/bin/a"), origin, differs) == Added::placed);
    CHECK(tree.add(hard_link("usr/bin/c", "usr/bin/b"), origin, differs) == Added::placed);
    static_cast<void>(tree.add(directory("usr/d"), origin, differs));
    CHECK_FALSE(refusal(tree, hard_link("usr/bin/d", "usr/d"), origin).empty());
    CHECK_FALSE(refusal(tree, hard_link("usr/bin/a", "usr/bin/a"), origin).empty());
}
