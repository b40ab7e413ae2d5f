// SPDX-License-Identifier: Apache-2.0
// What a cut of everything holds.
#include "fixture.hh"
#include "support/digest.hh"

namespace pare::test {

namespace {

/// A package with one entry of every type, as dpkg-deb has them.
Tar every_type() {
    return {
        tar_directory("./"),
        tar_directory("./usr/"),
        tar_directory("./usr/bin/"),
        tar_file("./usr/bin/tool", "#!tool\n", 0755),
        tar_symlink("./usr/bin/alias", "tool"),
        tar_hard_link("./usr/bin/twin", "./usr/bin/tool"),
        tar_directory("./etc/"),
        tar_directory("./etc/empty/", 0700)};
}

Names all_paths(const CutPackage& made) {
    Names paths;
    for (const cut::Item& item : made.cut.items) {
        paths.push_back(item.entry.path.relative());
    }
    return paths;
}

/// A package whose control archive is a good one and whose data archive are these bytes.
Bytes deb_with_data(const Bytes& data) {
    const Bytes control = build_tar({tar_file("./control", kControl)});
    return build_ar(
        {{"debian-binary", "2.0\n", kDate}, {"control.tar", control}, {"data.tar", data}});
}

} // namespace

TEST_CASE(
    "a cut has the directories of a package first, then all else, then its status for scanners") {
    const CutPackage made = cut_entries(every_type());
    CHECK(
        all_paths(made) == Names{
                               "usr", "usr/bin", "etc", "etc/empty", "usr/bin/tool",
                               "usr/bin/alias", "usr/bin/twin", "var/lib/dpkg/status.d/sample",
                               "var/lib/dpkg/status.d/sample.md5sums"});
    CHECK(made.entry("etc/empty").type == EntryType::directory);
    CHECK(made.entry("etc/empty").mode == 0700);
    CHECK(made.entry("usr/bin/tool").type == EntryType::file);
    CHECK(made.entry("usr/bin/alias").type == EntryType::symlink);
    CHECK(made.entry("usr/bin/alias").link == "tool");
    CHECK(made.entry("usr/bin/twin").type == EntryType::hard_link);
    CHECK(made.entry("usr/bin/twin").link == "usr/bin/tool");
}

TEST_CASE("a cut says what the control file says") {
    const std::string more = "Source: other (2.0)\nReplaces: old (<< 2), older | oldest\n";
    DebSpec spec{.control = kControl + more, .mtime = kDate};
    const cut::Cut cut = cut_bytes(build_deb(spec)).cut;
    CHECK(cut.package == "sample");
    CHECK(cut.version == "1:1.2-3");
    CHECK(cut.architecture == "amd64");
    CHECK(cut.source == "other");
    CHECK(cut.date == kDate);
    CHECK(cut.replaces == Names{"old", "older", "oldest"});
    CHECK(cut.scripts.empty());
    spec.control = kControl;
    CHECK(cut_bytes(build_deb(spec)).cut.source == "sample");
    CHECK(cut_bytes(build_deb(spec)).cut.replaces.empty());
}

TEST_CASE("maintainer scripts are named and are no files of the image") {
    const DebSpec spec{
        .control = kControl,
        .scripts = {
            {"postinst", "#!/bin/sh\n"},
            {"prerm", "#!/bin/sh\n"},
            {"conffiles", "/etc/x\n"},
            {"triggers", "activate x\n"}}};
    const CutPackage made = cut_bytes(build_deb(spec));
    CHECK(made.cut.scripts == Names{"postinst", "prerm"});
    CHECK(made.files().empty());
}

TEST_CASE("the status of a package is its control file, dated like the package") {
    const CutPackage made = cut_entries(every_type());
    CHECK(made.content(kStatus) == kControl);
    CHECK(made.entry(kStatus).mode == 0644);
    CHECK(made.entry(kStatus).mtime == kDate);
    CHECK(made.entry(kStatus).uid == 0);
}

TEST_CASE("the sums are those of the package, at the places where the files are now") {
    const DebSpec spec{
        .control = kControl,
        .md5sums = "00000000000000000000000000000001  lib/moved\n"
                   "00000000000000000000000000000002  usr/stays\n"
                   "00000000000000000000000000000003  usr/is-not-there\n"
                   "00000000000000000000000000000001  usr/hard-link\n",
        .entries = {
            tar_file("./lib/moved", "m"), tar_file("./usr/stays", "s"),
            tar_hard_link("./usr/hard-link", "./lib/moved")}};
    CHECK(
        cut_bytes(build_deb(spec)).md5sums() ==
        "00000000000000000000000000000001  usr/lib/moved\n"
        "00000000000000000000000000000002  usr/stays\n"
        "00000000000000000000000000000001  usr/hard-link\n");
}

TEST_CASE("a package without sums gets them, as md5sum would make them") {
    const DebSpec spec{
        .control = kControl,
        .md5sums = "",
        .entries = {tar_file("./bin/moved", "m\n"), tar_file("./etc/empty", "")}};
    const CutPackage made = cut_bytes(build_deb(spec));
    const TemporaryDirectory directory;
    write_file(directory.path() / "layer.tar", made.layer());
    const std::string checked = shell(
        "tar -xf layer.tar && md5sum -c var/lib/dpkg/status.d/sample.md5sums", directory.path());
    CHECK(checked == "usr/bin/moved: OK\netc/empty: OK\n");
}

TEST_CASE("modes keep their setuid, setgid and sticky bits, owners their numbers") {
    Tar entries{
        tar_directory("./var/", 01777), tar_file("./usr/bin/su", "su", 04755),
        tar_file("./usr/bin/wall", "wall", 02755)};
    entries[2].header.uid = 1;
    entries[2].header.gid = 4'000'000'000;
    entries[2].header.user = "daemon";
    entries[2].header.group = "tty";
    const CutPackage made = cut_entries(entries);
    CHECK(made.entry("var").mode == 01777);
    CHECK(made.entry("usr/bin/su").mode == 04755);
    CHECK(made.entry("usr/bin/wall").mode == 02755);
    CHECK(made.entry("usr/bin/wall").uid == 1);
    CHECK(made.entry("usr/bin/wall").gid == 4'000'000'000);
    CHECK_MESSAGE(!contains(made.part, "daemon"), "names differ from image to image");
}

TEST_CASE("times stay, those before 1970 become 1970") {
    Tar entries{tar_file("./a", "a"), tar_file("./b", "b"), tar_symlink("./c", "a")};
    entries[0].header.mtime = 1'234'567'890;
    entries[1].header.mtime = -1;
    entries[2].header.mtime = 99;
    const CutPackage made = cut_entries(entries);
    CHECK(made.entry("a").mtime == 1'234'567'890);
    CHECK(made.entry("b").mtime == 0);
    CHECK(made.entry("c").mtime == 99);
}

TEST_CASE("extended attributes come along, capabilities among them") {
    const Bytes capability("\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
    Tar entries{tar_file("./usr/bin/ping", "ping", 0755)};
    entries[0].header.xattrs = {{"security.capability", capability}, {"user.note", "a=b\nc"}};
    const CutPackage made = cut_entries(entries);
    CHECK(made.entry("usr/bin/ping").xattrs == entries[0].header.xattrs);
    CHECK(contains(made.part, "SCHILY.xattr.security.capability=" + capability));
    CHECK(made.content("usr/bin/ping") == "ping");
}

TEST_CASE(
    "paths are put below /usr, and the directory that was merged is left to the first layer") {
    const CutPackage made = cut_entries(
        {tar_directory("./lib/"), tar_directory("./lib/sub/"), tar_file("./lib/sub/x", "x"),
         tar_symlink("./lib/sub/out", "../../opt/x"), tar_hard_link("./bin/y", "./lib/sub/x"),
         tar_symlink("./lib64", "usr/lib64"), tar_directory("./opt/"),
         tar_directory("./opt/lib/")});
    CHECK(made.directories() == Names{"usr/lib/sub", "opt", "opt/lib"});
    CHECK(made.files() == Names{"usr/lib/sub/x", "usr/lib/sub/out", "usr/bin/y"});
    CHECK(made.entry("usr/lib/sub/out").link == "../../../opt/x");
    CHECK(made.entry("usr/bin/y").link == "usr/lib/sub/x");
}

TEST_CASE("symlinks keep their text: absolute ones, dangling ones, ones that climb too far") {
    const CutPackage made = cut_entries(
        {tar_symlink("./etc/a", "/etc/passwd"), tar_symlink("./etc/b", "nowhere"),
         tar_symlink("./etc/c", "../../../../root")});
    CHECK(made.entry("etc/a").link == "/etc/passwd");
    CHECK(made.entry("etc/b").link == "nowhere");
    CHECK(made.entry("etc/c").link == "../../../../root");
}

TEST_CASE("a hard link has the mode of its file, whatever its own header says") {
    Tar entries{tar_file("./usr/bin/a", "a", 04755), tar_hard_link("./usr/bin/b", "usr/bin/a")};
    entries[1].header.mode = 0600;
    CHECK(cut_entries(entries).entry("usr/bin/b").mode == 04755);
}

TEST_CASE("names and links longer than a tar header has room for stay whole") {
    const std::string part(200, 'n');
    const std::string name = "usr/" + part + "/" + part + "/" + part;
    const std::string target(500, 't');
    const CutPackage made = cut_entries(
        {tar_file("./" + name, "long"), tar_symlink("./usr/link", target),
         tar_hard_link("./usr/hard", "./" + name), tar_file("./usr/gr\u00fc\u00dfe", "umlaut")});
    CHECK(made.content(name) == "long");
    CHECK(made.entry("usr/link").link == target);
    CHECK(made.entry("usr/hard").link == name);
    CHECK(made.content("usr/gr\u00fc\u00dfe") == "umlaut");
    const TemporaryDirectory directory;
    write_file(directory.path() / "layer.tar", made.layer());
    CHECK(contains(shell("bsdtar -tf layer.tar", directory.path()), name + "\n"));
}

TEST_CASE("a sparse file has its holes again") {
    const TemporaryDirectory directory;
    shell(
        "mkdir usr && truncate -s 1M usr/holes && printf data | "
        "dd of=usr/holes bs=64K seek=3 conv=notrunc status=none && "
        "tar --sparse --hole-detection=raw --format=gnu -cf data.tar usr",
        directory.path());
    const Bytes data = read_file(directory.path() / "data.tar");
    REQUIRE(data.size() < 1U << 20);
    const CutPackage made = cut_bytes(deb_with_data(data));
    CHECK(made.entry("usr/holes").size == 1U << 20);
    CHECK(made.content("usr/holes") == read_file(directory.path() / "usr" / "holes"));
}

TEST_CASE("every offset points at the bytes of the file, large or empty") {
    const Bytes large(700'001, 'l');
    const CutPackage made = cut_entries(
        {tar_file("./empty", ""), tar_file("./one", "1"), tar_file("./block", Bytes(512, 'b')),
         tar_file("./large", large), tar_file("./last", "end")});
    CHECK(made.content("empty").empty());
    CHECK(made.content("one") == "1");
    CHECK(made.content("block") == Bytes(512, 'b'));
    CHECK(made.content("large") == large);
    CHECK(made.content("last") == "end");
    CHECK(made.find("last")->offset % 512 == 0);
}

TEST_CASE("a part behind directories and before an end mark is a tar that others read") {
    const CutPackage made = cut_entries(every_type());
    CHECK(made.cut.part_size == made.part.size());
    CHECK(made.part.size() % 512 == 0);
    const TemporaryDirectory directory;
    write_file(directory.path() / "layer.tar", made.layer());
    const std::string names =
        "usr/\nusr/bin/\netc/\netc/empty/\nusr/bin/tool\nusr/bin/alias\nusr/bin/twin\n"
        "var/lib/dpkg/status.d/sample\nvar/lib/dpkg/status.d/sample.md5sums\n";
    CHECK(shell("bsdtar -tf layer.tar", directory.path()) == names);
    CHECK(shell("tar -tf layer.tar", directory.path()) == names);
    CHECK(
        shell(
            "mkdir root && bsdtar -xf layer.tar -C root && cd root && "
            "test usr/bin/tool -ef usr/bin/twin && cat usr/bin/alias && "
            "md5sum -c var/lib/dpkg/status.d/sample.md5sums",
            directory.path()) == "#!tool\nusr/bin/tool: OK\n");
}

TEST_CASE("two cuts of one package are the same bytes, whatever it was compressed with") {
    DebSpec spec{.control = kControl, .entries = every_type(), .mtime = kDate};
    const CutPackage first = cut_bytes(build_deb(spec));
    for (const auto codec :
         {archive::Codec::none, archive::Codec::gzip, archive::Codec::xz, archive::Codec::zstd}) {
        spec.codec = codec;
        const CutPackage other = cut_bytes(build_deb(spec));
        CHECK(other.cut == first.cut);
        CHECK(other.part == first.part);
    }
}

} // namespace pare::test
