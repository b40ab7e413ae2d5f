// SPDX-License-Identifier: Apache-2.0
// Where an image's own layers and the change of its base meet.
#include "image_parts.hh"

namespace pare::test {

namespace {

Findings overlap(const Tar& old_base, const Tar& new_base, const std::vector<Tar>& own) {
    std::vector<LayerPtr> layers;
    for (const Tar& tar : own) {
        layers.push_back(layer_of(tar));
    }
    return build::check_overlap(stack({layer_of(old_base)}), stack({layer_of(new_base)}), layers);
}

Names refusals(const Tar& old_base, const Tar& new_base, const std::vector<Tar>& own) {
    return messages(overlap(old_base, new_base, own));
}

TarEntry of_user(TarEntry entry, std::uint64_t uid) {
    entry.header.uid = uid;
    return entry;
}

TarEntry at_time(TarEntry entry, std::int64_t mtime) {
    entry.header.mtime = mtime;
    return entry;
}

const Tar kNothing;

} // namespace

TEST_CASE("paths that only the image has, and changes that it does not touch, are safe") {
    CHECK(refusals({tar_file("etc/a", "1")}, {tar_file("etc/a", "2")}, {{tar_file("app", "x")}})
              .empty());
}

TEST_CASE("a path that only the new base has must not be in a layer") {
    const Names wanted{"/etc/a is in the image's layers, and the new base has brought it too"};
    CHECK(refusals(kNothing, {tar_file("etc/a", "2")}, {{tar_file("etc/a", "1")}}) == wanted);
    CHECK(refusals(kNothing, {tar_file("etc/a", "1")}, {{tar_symlink("etc/a", "b")}}) == wanted);
    // It was removed again above.
    CHECK(
        refusals(
            kNothing, {tar_file("etc/a", "2")},
            {{tar_file("etc/a", "1")}, {tar_file("etc/.wh.a", "")}}) ==
        Names{"/etc/a is hidden by the image's layers, and the new base has brought it"});
}

TEST_CASE("a path that a layer replaces must be the same in both bases, but for its times") {
    const Tar own{tar_file("etc/a", "mine")};
    CHECK(
        refusals({at_time(tar_file("etc/a", "1"), 1)}, {at_time(tar_file("etc/a", "1"), 2)}, {own})
            .empty());
    const Names differs{
        "/etc/a of the base was replaced by the image, and differs in the new base"};
    CHECK(refusals({tar_file("etc/a", "1")}, {tar_file("etc/a", "2")}, {own}) == differs);
    CHECK(refusals({tar_file("etc/a", "1")}, {tar_file("etc/a", "1", 0600)}, {own}) == differs);
    CHECK(
        refusals({tar_file("etc/a", "1")}, {of_user(tar_file("etc/a", "1"), 7)}, {own}) == differs);
    CHECK(refusals({tar_file("etc/a", "1")}, {tar_symlink("etc/a", "1")}, {own}) == differs);
    CHECK(refusals({tar_symlink("etc/a", "1")}, {tar_symlink("etc/a", "2")}, {own}) == differs);
    CHECK(refusals({tar_symlink("etc/a", "1")}, {tar_symlink("etc/a", "1")}, {own}).empty());
    CHECK(
        refusals({tar_file("etc/a", "1")}, kNothing, {own}) ==
        Names{"/etc/a of the base was replaced by the image, and the new base lacks it"});
}

TEST_CASE("a file that replaces a directory, and the other way round, count as replacing") {
    CHECK(
        refusals({tar_directory("a/")}, {tar_file("a", "x")}, {{tar_file("a", "mine")}}).size() ==
        1);
    CHECK(
        refusals(
            {tar_symlink("lib", "usr/lib")}, {tar_directory("lib/")}, {{tar_directory("lib/")}})
            .size() == 1);
    CHECK(refusals(
              {tar_symlink("lib", "usr/lib")}, {tar_symlink("lib", "usr/lib")},
              {{tar_directory("lib/")}})
              .empty());
}

TEST_CASE("directories are one when owner and mode agree, or the base did not change them") {
    const Tar closed{tar_directory("srv/", 0700)};
    const Tar open{tar_directory("srv/", 0755)};
    const Names wanted{"/srv is a directory with another owner or mode in the new base"};
    CHECK(refusals(open, open, {closed}).empty());
    CHECK(refusals(kNothing, open, {open}).empty());
    CHECK(refusals(kNothing, closed, {open}) == wanted);
    CHECK(refusals(open, closed, {open}) == wanted);
    CHECK(refusals(open, closed, {closed}).empty());
    CHECK(refusals(open, kNothing, {open}).empty());
}

TEST_CASE("a directory of the base in which own files stand must still be there") {
    const Tar old_base{tar_directory("usr/"), tar_directory("usr/python3.11/")};
    const Tar new_base{tar_directory("usr/"), tar_directory("usr/python3.13/")};
    const Names wanted{"/usr/python3.11 is a directory of the base that the new base lacks, and "
                       "the image put files into it"};
    const TarEntry file = tar_file("usr/python3.11/site/m.py", "m");
    CHECK(refusals(old_base, new_base, {{file}}) == wanted);
    CHECK(
        refusals(
            old_base, new_base,
            {{tar_directory("usr/python3.11/"), tar_directory("usr/python3.11/site/"), file}}) ==
        wanted);
}

TEST_CASE("links above a path of the image must lead where they led") {
    const Tar own{tar_file("lib/x", "mine")};
    CHECK(
        refusals({tar_symlink("lib", "usr/lib")}, {tar_symlink("lib", "usr/lib64")}, {own}) ==
        Names{"/lib leads elsewhere in the new base, and the image has files below it"});
    CHECK(
        refusals({tar_symlink("lib", "usr/lib")}, {tar_symlink("lib", "usr/lib")}, {own}).empty());
    CHECK(refusals(kNothing, {tar_file("lib", "x")}, {own}).size() == 1);
}

TEST_CASE("what a layer removes stays removed, unless it did not know of it") {
    const Tar doc{tar_directory("doc/"), tar_file("doc/a", "1")};
    const Tar more{tar_directory("doc/"), tar_file("doc/a", "2"), tar_file("doc/b", "1")};
    CHECK(refusals(doc, more, {{tar_file(".wh.doc", "")}}).empty());
    CHECK(refusals(doc, more, {{tar_directory("doc/"), tar_file("doc/.wh..wh..opq", "")}}).empty());
    const Names wanted{"/doc is hidden by the image's layers, and the new base has brought it"};
    CHECK(refusals(kNothing, more, {{tar_file(".wh.doc", "")}}) == wanted);
    CHECK(refusals(kNothing, more, {{tar_file("doc/.wh..wh..opq", "")}}) == wanted);
    const Findings gone = overlap(doc, kNothing, {{tar_file(".wh.doc", "")}});
    CHECK(gone.refusals.empty());
    CHECK(
        gone.notes ==
        Names{"/doc was removed by the image's layers, and the new base does not have it"});
}

TEST_CASE("a further name for a file of the base needs that file as it was") {
    const Tar own{tar_hard_link("mine", "etc/a")};
    CHECK(refusals({tar_file("etc/a", "1")}, {tar_file("etc/a", "1")}, {own}).empty());
    CHECK(
        refusals({tar_file("etc/a", "1")}, {tar_file("etc/a", "2")}, {own}) ==
        Names{"/etc/a of the base has a further name in the image, and differs in the new base"});
    CHECK(refusals(
              {tar_file("a", "1")}, {tar_file("a", "2")},
              {{tar_file("b", "1"), tar_hard_link("c", "b")}})
              .empty());
}

} // namespace pare::test
