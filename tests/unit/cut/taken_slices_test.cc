// SPDX-License-Identifier: Apache-2.0
// What slices take out of a package.
#include "fixture.hh"
#include "support/digest.hh"

#include <set>

namespace pare::test {

namespace {

using cut::Slice;

Tar library() {
    return {
        tar_directory("./usr/"),
        tar_directory("./usr/lib/"),
        tar_file("./usr/lib/libx.so.1", "x"),
        tar_directory("./usr/lib/plugins/"),
        tar_file("./usr/lib/plugins/a.so", "a"),
        tar_file("./usr/lib/plugins/b.so", "b"),
        tar_directory("./usr/share/"),
        tar_file("./usr/share/x.txt", "text"),
        tar_directory("./usr/share/doc/"),
        tar_directory("./usr/share/doc/sample/"),
        tar_file("./usr/share/doc/sample/copyright", "free\n"),
        tar_file("./usr/share/doc/sample/README", "read\n"),
        tar_directory("./var/"),
        tar_directory("./var/spool/")};
}

constexpr const char* kCopyright = "usr/share/doc/sample/copyright";

const Slice& runtime() {
    static const Slice kRuntime{.name = "runtime", .include = {"usr/lib/*.so.*"}};
    return kRuntime;
}

const Slice& plugins() {
    static const Slice kPlugins{
        .name = "plugins", .include = {"usr/lib/plugins/**"}, .exclude = {"**/b.so"}};
    return kPlugins;
}

} // namespace

TEST_CASE("slices take together what each of them takes, and the copyright file") {
    CHECK(
        cut_entries(library(), {.slices = {runtime()}}).files() ==
        Names{"usr/lib/libx.so.1", kCopyright});
    const CutPackage both = cut_entries(library(), {.slices = {runtime(), plugins()}});
    CHECK(both.files() == Names{"usr/lib/libx.so.1", "usr/lib/plugins/a.so", kCopyright});
    CHECK(
        both.directories() == Names{
                                  "usr", "usr/lib", "usr/lib/plugins", "usr/share", "usr/share/doc",
                                  "usr/share/doc/sample", "var"});
    CHECK(!contains(both.md5sums(), "README"));
}

TEST_CASE("what one slice excludes another can take") {
    const Slice bare{.name = "bare", .include = {"usr/lib/plugins/b.so"}};
    const CutPackage made = cut_entries(library(), {.slices = {plugins(), bare}});
    CHECK(made.has("usr/lib/plugins/b.so"));
}

TEST_CASE("without slices of its own a package has all but documentation") {
    const CutPackage made = cut_entries(library(), {.slices = {cut::without_documentation()}});
    CHECK(!made.has("usr/share/doc/sample/README"));
    CHECK(made.has(kCopyright));
    CHECK(made.has("usr/share/x.txt"));
    CHECK(made.has("var/spool"));
    CHECK(made.cut.unmatched.empty());
}

TEST_CASE("the slice of everything is the same part as no slice at all") {
    CHECK(
        cut_entries(library(), {.slices = {cut::everything()}}).part ==
        cut_entries(library()).part);
}

TEST_CASE("a directory that may be empty is taken by a glob that ends in a slash") {
    const Slice spool{.name = "spool", .include = {"var/spool/"}};
    const CutPackage made = cut_entries(library(), {.slices = {spool}});
    CHECK(made.has("var/spool"));
    CHECK(made.cut.unmatched.empty());
    CHECK(!cut_entries(library(), {.slices = {runtime()}}).has("var/spool"));
}

TEST_CASE("a glob for a directory matches it also when it holds something") {
    const Slice both{.name = "both", .include = {"usr/share/", "usr/share/x.txt"}};
    CHECK(cut_entries(library(), {.slices = {both}}).cut.unmatched.empty());
}

TEST_CASE("globs of slices that match nothing are told, with their slice") {
    const Slice stale{.name = "stale", .include = {"usr/share/*.txt", "usr/bin/*"}};
    const cut::Cut cut = cut_entries(library(), {.slices = {runtime(), stale}}).cut;
    CHECK(cut.unmatched == Names{"stale: usr/bin/*"});
}

TEST_CASE("shared libraries that no slice takes are told") {
    const cut::Cut cut = cut_entries(library(), {.slices = {plugins()}}).cut;
    CHECK(cut.left_out == Names{"usr/lib/libx.so.1", "usr/lib/plugins/b.so"});
    CHECK(cut_entries(library()).cut.left_out.empty());
}

TEST_CASE("slices that come on top of others drop what is below, but list it with its sums") {
    const Selection selection{.slices = {plugins()}, .dropped = {kCopyright}, .below = {runtime()}};
    const CutPackage made = cut_entries(library(), selection);
    CHECK(made.files() == Names{"usr/lib/plugins/a.so"});
    for (const char* path : {"usr/lib/libx.so.1", "usr/lib/plugins/a.so", kCopyright}) {
        CHECK_MESSAGE(contains(made.md5sums(), path), path);
    }
}

TEST_CASE("what slices say of a cut is in its manifest") {
    cut::Cut cut;
    cut.unmatched = {"stale: usr/bin/*"};
    cut.left_out = {"usr/lib/libx.so.1", "usr/lib/liby.so.1"};
    CHECK(cut::parse_manifest(cut::write_manifest(cut)) == cut);
}

TEST_CASE("slices that differ in what they take have keys that differ") {
    const Slice slice{.name = "a", .include = {"b"}, .exclude = {"c"}};
    std::vector<Selection> selections(8);
    selections[1].slices = {slice};
    selections[2].slices = {{.name = "x", .include = {"b"}, .exclude = {"c"}}};
    selections[3].slices = {{.name = "a", .include = {"x"}, .exclude = {"c"}}};
    selections[4].slices = {{.name = "a", .include = {"b"}, .exclude = {"x"}}};
    selections[5].slices = {{.name = "a", .include = {"b", "c"}}};
    selections[6].slices = {slice, slice};
    selections[7].below = {slice};
    std::set<std::string> keys;
    for (const Selection& selection : selections) {
        keys.insert(cut::cut_key(hash_hex("package"), selection));
    }
    CHECK(keys.size() == selections.size());
    Selection hinted;
    hinted.slices = {slice};
    hinted.slices.front().hint = "for people";
    CHECK_MESSAGE(
        keys.contains(cut::cut_key(hash_hex("package"), hinted)), "a hint changes no cut");
}

} // namespace pare::test
