// SPDX-License-Identifier: Apache-2.0
// What differs between two layers, in the words that people are told.
#include "inspect/difference.hh"
#include "support/deb_builder.hh"
#include "support/expect.hh"

#include <utility>

namespace pare::test {

namespace {

using inspect::PathDifference;
using inspect::Side;

/// `/path: what left right, ...` or `/path: left`.
Names words_of(const std::vector<PathDifference>& differences) {
    Names lines;
    for (const PathDifference& difference : differences) {
        std::string line = difference.path + ":";
        if (difference.where != Side::both) {
            line += difference.where == Side::left ? " left" : " right";
        }
        for (const inspect::Differing& one : difference.differing) {
            line += " " + one.what;
            if (!one.left.empty() || !one.right.empty()) {
                line += " " + one.left + "/" + one.right;
            }
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

Names compare(const Bytes& left, const Bytes& right) {
    const auto open = [](const Bytes& tar) {
        return [&tar] { return std::make_unique<ViewSource>(tar); };
    };
    return words_of(inspect::compare_tars(open(left), open(right), "layer"));
}

Names compare(const Tar& left, const Tar& right) {
    return compare(build_tar(left), build_tar(right));
}

/// A file with other metadata than tar_file() gives it.
template <typename Change>
TarEntry changed_file(Change change) {
    TarEntry file = tar_file("a", "x");
    change(file.header);
    return file;
}

} // namespace

TEST_CASE("files differ in content and size, and may be on one side alone") {
    CHECK(
        compare(
            {tar_file("a", "one"), tar_file("b", "same"), tar_file("left", "x")},
            {tar_file("a", "two"), tar_file("b", "same"), tar_file("right", "x")}) ==
        Names{"/a: content", "/left: left", "/right: right"});
    CHECK(
        compare({tar_file("a", "one")}, {tar_file("a", "three")}) == Names{"/a: content size 3/5"});
}

TEST_CASE("mode, owner, time, attributes and the names of owners count") {
    const auto differing = [](auto change) {
        return compare({changed_file(change)}, {tar_file("a", "x")});
    };
    CHECK(differing([](auto& file) { file.mode = 04755; }) == Names{"/a: mode 4755/0644"});
    CHECK(differing([](auto& file) { file.uid = 7; }) == Names{"/a: owner 7:0/0:0"});
    CHECK(differing([](auto& file) { file.mtime = 7; }).front().starts_with("/a: mtime 7/"));
    CHECK(differing([](auto& file) { file.xattrs["user.x"] = "y"; }) == Names{"/a: attributes"});
    CHECK(differing([](auto& file) { file.user = "joe"; }) == Names{"/a: header"});
}

TEST_CASE("links differ in where they point, and things in what they are") {
    CHECK(compare({tar_symlink("a", "b")}, {tar_symlink("a", "c")}) == Names{"/a: link b/c"});
    CHECK(contains(
        compare({tar_symlink("a", "b")}, {tar_file("a", "b")}).front(), "type symlink/file"));
}

TEST_CASE("what a layer hides of those below it counts") {
    CHECK(
        compare({tar_file("d/.wh.x", "")}, {tar_file("d/y", "")}) ==
        Names{"/d/x: whiteout", "/d/y: right"});
    CHECK(
        compare({tar_file("d/.wh..wh..opq", "")}, {tar_file("d/y", "")}).front() == "/d: whiteout");
}

TEST_CASE("where all entries are the same, the order of members or what is between them is told") {
    const Tar forth{tar_file("a", "x"), tar_file("b", "y")};
    const Tar back{tar_file("b", "y"), tar_file("a", "x")};
    CHECK(compare(forth, back) == Names{"/a: order a/b"});
    Bytes longer = build_tar(forth);
    longer += Bytes(1024, '\0');
    CHECK(compare(build_tar(forth), longer) == Names{": bytes between the members"});
}

TEST_CASE("what images show is compared, not how their layers come to it") {
    const auto shown = [](const std::vector<Tar>& layers) {
        inspect::Filesystem files;
        for (const Tar& tar : layers) {
            const Bytes bytes = build_tar(tar);
            ViewSource source(bytes);
            files.lay(std::make_shared<const inspect::Layer>(
                inspect::read_layer(source, "layer", {.contents = true})));
        }
        return files;
    };
    const auto squashed = shown({{tar_file("a", "new"), tar_file("b", "same")}});
    const auto stacked = shown(
        {{tar_file("a", "old"), tar_file("x", "same"), tar_file("gone", "")},
         {tar_file("a", "new"), tar_hard_link("b", "x"), tar_file(".wh.x", ""),
          tar_file(".wh.gone", "")}});
    CHECK(inspect::compare_filesystems(squashed, stacked).empty());
    const auto linked = shown({{tar_hard_link("b", "x"), tar_file("x", "same")}});
    CHECK(
        words_of(inspect::compare_filesystems(squashed, linked)) == Names{"/a: left", "/x: right"});
}

} // namespace pare::test
