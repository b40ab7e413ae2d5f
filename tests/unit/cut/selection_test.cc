// SPDX-License-Identifier: Apache-2.0
// What a selection takes out of a package, and where it puts it.
#include "fixture.hh"

namespace pare::test {

namespace {

Tar program() {
    return {
        tar_directory("./usr/"),
        tar_directory("./usr/bin/"),
        tar_file("./usr/bin/tool", "tool", 0755),
        tar_directory("./usr/share/"),
        tar_directory("./usr/share/doc/"),
        tar_directory("./usr/share/doc/sample/"),
        tar_file("./usr/share/doc/sample/copyright", "free\n"),
        tar_file("./usr/share/doc/sample/README", "read\n"),
        tar_directory("./usr/share/tool/"),
        tar_file("./usr/share/tool/one.txt", "1"),
        tar_file("./usr/share/tool/two.txt", "2"),
        tar_directory("./var/"),
        tar_directory("./var/empty/")};
}

constexpr const char* kCopyright = "usr/share/doc/sample/copyright";

} // namespace

TEST_CASE("globs take what matches them and the directories that all of the cut stands in") {
    const CutPackage made = cut_entries(program(), {.include = {"usr/share/tool/o*"}});
    CHECK(made.files() == Names{kCopyright, "usr/share/tool/one.txt"});
    CHECK(
        made.directories() ==
        Names{
            "usr", "usr/share", "usr/share/doc", "usr/share/doc/sample", "usr/share/tool", "var"});
}

TEST_CASE("globs are held against the path below /usr") {
    const Tar entries{tar_file("./lib/x", "x"), tar_file("./usr/lib/y", "y")};
    CHECK(
        cut_entries(entries, {.include = {"usr/lib/*"}}).files() ==
        Names{"usr/lib/x", "usr/lib/y"});
    CHECK(cut_entries(entries, {.include = {"lib/*"}}).files().empty());
}

TEST_CASE("the copyright file stays, whatever is taken, at its own place") {
    CHECK(cut_entries(program(), {.include = {"nothing"}}).files() == Names{kCopyright});
    const Selection moved{.include = {"**"}, .strip = 2, .to = "/opt"};
    CHECK(cut_entries(program(), moved).has(kCopyright));
    const Tar linked{
        tar_symlink("./usr/share/doc/sample", "other"), tar_file("./usr/share/x", "x")};
    CHECK(cut_entries(linked, {.include = {"nothing"}}).files() == Names{"usr/share/doc/sample"});
}

TEST_CASE("what is taken can go to another place, less its first components") {
    const Selection selection{
        .include = {"usr/bin/*", "usr/share/tool/*"}, .strip = 1, .to = "/opt/tool"};
    const CutPackage made = cut_entries(program(), selection);
    CHECK(
        made.files() == Names{
                            "opt/tool/bin/tool", kCopyright, "opt/tool/share/tool/one.txt",
                            "opt/tool/share/tool/two.txt"});
    CHECK(made.content("opt/tool/bin/tool") == "tool");
    CHECK(made.entry("opt/tool/bin/tool").mode == 0755);
    CHECK_MESSAGE(!made.has("usr/bin"), "its files have left that directory");
    CHECK(contains(made.md5sums(), "  opt/tool/bin/tool\n"));
    CHECK(!contains(made.md5sums(), "  usr/bin/tool\n"));
}

TEST_CASE("a path with no more components than are cut off is not taken") {
    const CutPackage made =
        cut_entries(program(), {.include = {"usr/bin/tool", "usr/share/tool/*"}, .strip = 3});
    CHECK(made.files() == Names{kCopyright, "one.txt", "two.txt"});
}

TEST_CASE("a hard link follows its file to the other place") {
    Tar entries{
        tar_file("./usr/bin/a", "a"), tar_hard_link("./usr/bin/b", "./usr/bin/a"),
        tar_symlink("./usr/bin/c", "a")};
    const CutPackage made =
        cut_entries(entries, {.include = {"usr/bin/*"}, .strip = 1, .to = "/opt"});
    CHECK(made.files() == Names{"opt/bin/a", "opt/bin/b", "opt/bin/c"});
    CHECK(made.entry("opt/bin/b").link == "opt/bin/a");
    CHECK(made.entry("opt/bin/c").link == "a");
}

TEST_CASE("a hard link whose file is not taken becomes that file, and the next one a link to it") {
    const Tar entries{
        tar_file("./usr/bin/a", "content", 0755), tar_hard_link("./usr/bin/b", "./usr/bin/a"),
        tar_hard_link("./usr/bin/c", "./usr/bin/a")};
    const CutPackage made = cut_entries(entries, {.include = {"usr/bin/b", "usr/bin/c"}});
    CHECK(made.files() == Names{"usr/bin/b", "usr/bin/c"});
    CHECK(made.content("usr/bin/b") == "content");
    CHECK(made.entry("usr/bin/b").mode == 0755);
    CHECK(made.entry("usr/bin/c").type == EntryType::hard_link);
    CHECK(made.entry("usr/bin/c").link == "usr/bin/b");
}

TEST_CASE("a link that became a file has the sum that the package says, once") {
    const DebSpec spec{
        .control = kControl,
        .md5sums = "00000000000000000000000000000001  bin/a\n"
                   "00000000000000000000000000000001  bin/b\n"
                   "00000000000000000000000000000001  bin/c\n",
        .entries = {
            tar_file("./bin/a", "a"), tar_hard_link("./bin/b", "./bin/a"),
            tar_hard_link("./bin/c", "./bin/a")}};
    CHECK(
        cut_bytes(build_deb(spec), {.include = {"usr/bin/b", "usr/bin/c"}}).md5sums() ==
        "00000000000000000000000000000001  usr/bin/b\n"
        "00000000000000000000000000000001  usr/bin/c\n");
}

TEST_CASE("links to several files that are not taken become those files") {
    const Tar entries{
        tar_file("./usr/a1", "first"), tar_file("./usr/a2", "second"),
        tar_hard_link("./usr/b1", "./usr/a1"), tar_hard_link("./usr/b2", "./usr/a2"),
        tar_file("./usr/b3", "third")};
    const CutPackage made = cut_entries(entries, {.include = {"usr/b*"}});
    CHECK(made.content("usr/b1") == "first");
    CHECK(made.content("usr/b2") == "second");
    CHECK(made.content("usr/b3") == "third");
}

TEST_CASE("what a finisher makes is left out, empty directories too") {
    const CutPackage made = cut_entries(program(), {.leave_out = {"usr/share/tool/**", "var/*"}});
    CHECK(made.files() == Names{"usr/bin/tool", kCopyright, "usr/share/doc/sample/README"});
    CHECK(!made.has("var/empty"));
    CHECK(made.has("var"));
    CHECK(!contains(made.md5sums(), "one.txt"));
}

TEST_CASE("a path that lost to another package is dropped, and only that path") {
    const CutPackage made =
        cut_entries(program(), {.dropped = {"usr/share/tool/one.txt", "usr/share/tool/*", "usr"}});
    CHECK(!made.has("usr/share/tool/one.txt"));
    CHECK(made.has("usr/share/tool/two.txt"));
    CHECK(made.has("usr/bin/tool"));
    CHECK(!contains(made.md5sums(), "one.txt"));
    CHECK(contains(made.md5sums(), "two.txt"));
}

TEST_CASE("bytes that finishers read are kept when the file is in the cut, and aside when not") {
    const Selection selection{
        .include = {"usr/bin/*", "usr/share/tool/one.txt"},
        .strip = 1,
        .to = "/opt",
        .reads = {"usr/share/tool/*"}};
    const cut::Cut cut = cut_entries(program(), selection).cut;
    CHECK(
        cut.kept == std::map<ImagePath, Bytes>{{ImagePath::parse("opt/share/tool/one.txt"), "1"}});
    CHECK(
        cut.aside == std::map<ImagePath, Bytes>{{ImagePath::parse("usr/share/tool/two.txt"), "2"}});
}

TEST_CASE("what is left out or dropped can still be read") {
    const Selection selection{
        .leave_out = {"usr/share/tool/one.txt"},
        .reads = {"usr/share/tool/*"},
        .dropped = {"usr/share/tool/two.txt"}};
    const cut::Cut cut = cut_entries(program(), selection).cut;
    CHECK(cut.kept.empty());
    CHECK(cut.aside.size() == 2);
}

TEST_CASE("a file larger than 16 MiB is not read for a finisher") {
    const Tar entries{tar_file("./etc/large", Bytes((16U << 20) + 1, 'x'))};
    CHECK(cut_entries(entries).entry("etc/large").size == (16U << 20) + 1);
    for (const Names& include : {Names{}, Names{"nothing"}}) {
        const Error error = error_of(
            [&] { (void)cut_entries(entries, {.include = include, .reads = {"etc/large"}}); });
        CHECK(error.kind() == ErrorKind::refused);
    }
}

TEST_CASE("a selection of everything and no selection give the same part") {
    const CutPackage all = cut_entries(program());
    const CutPackage selected = cut_entries(program(), {.include = {"**"}});
    CHECK(selected.part == all.part);
    CHECK_MESSAGE(!selected.has("var/empty"), "globs take files, not empty directories");
}

} // namespace pare::test
