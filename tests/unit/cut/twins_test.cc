// SPDX-License-Identifier: Apache-2.0
// Files that are the same, byte for byte, are one file with several names.
#include "cut/twins.hh"
#include "fixture.hh"

namespace pare::test {

namespace {

/// Large enough to be worth it.
const Bytes kText = Bytes(5000, 'a');

} // namespace

TEST_CASE("the second of two files that are the same is a hard link to the first") {
    const CutPackage made = cut_entries(
        {tar_file("./usr/share/a", kText), tar_file("./usr/share/b", kText),
         tar_file("./usr/share/c", kText + "b")});
    CHECK(made.content("usr/share/a") == kText);
    CHECK(made.entry("usr/share/b").type == EntryType::hard_link);
    CHECK(made.entry("usr/share/b").link == "usr/share/a");
    CHECK(made.entry("usr/share/c").type == EntryType::file);
    // The package's list of files has both names.
    const Bytes sums = made.content("var/lib/dpkg/status.d/sample.md5sums");
    CHECK(sums.find("usr/share/a\n") != Bytes::npos);
    CHECK(sums.find("usr/share/b\n") != Bytes::npos);
}

TEST_CASE("files that differ in mode, small ones, programs and those of /etc stay files") {
    const Bytes program = Bytes("\x7f"
                                "ELF") +
                          kText;
    const CutPackage made = cut_entries(
        {tar_file("./usr/share/a", kText), tar_file("./usr/share/b", kText, 0755),
         tar_file("./usr/share/c", "small"), tar_file("./usr/share/d", "small"),
         tar_file("./usr/lib/e", program), tar_file("./usr/lib/f", program),
         tar_file("./etc/g", kText + "g"), tar_file("./etc/h", kText + "g")});
    for (const char* path : {"usr/share/b", "usr/share/d", "usr/lib/f", "etc/h"}) {
        CAPTURE(path);
        CHECK(made.entry(path).type == EntryType::file);
    }
}

TEST_CASE("a list that lies about the files joins nothing") {
    const std::string sum(32, '0');
    const Tar files{tar_file("./usr/share/a", kText), tar_file("./usr/share/b", kText + "b")};
    const CutPackage made = cut_bytes(build_deb(
        {.control = kControl,
         .md5sums = sum + "  usr/share/a\n" + sum + "  usr/share/b\n",
         .entries = files}));
    CHECK(made.content("usr/share/b") == kText + "b");
}

TEST_CASE("a hard link of the package to a file that became a link leads to the same bytes") {
    const CutPackage made = cut_entries(
        {tar_file("./usr/share/a", kText), tar_file("./usr/share/b", kText),
         tar_hard_link("./usr/share/c", "./usr/share/b")});
    CHECK(made.entry("usr/share/c").link == "usr/share/a");
}

} // namespace pare::test
