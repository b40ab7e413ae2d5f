// SPDX-License-Identifier: Apache-2.0
// What is in an image that somebody else made.
#include "inspect/contents.hh"
#include "support/expect.hh"
#include "support/foreign_image.hh"

#include <algorithm>

namespace pare::test {

namespace {

using inspect::DeclaredPackage;
using inspect::ImageContents;

/// What an image of these layers holds, lowest first.
ImageContents contents_of(const std::vector<Tar>& layers) {
    ForeignImage foreign;
    for (const Tar& layer : layers) {
        foreign.add_layer(layer);
    }
    const oci::ImageReader reader(oci::parse_image_reference(foreign.write()));
    return inspect::read_contents(reader, reader.images().front().image);
}

Names paths_of(const std::vector<Tar>& layers) {
    Names paths;
    for (const auto& [path, entry] : contents_of(layers).entries) {
        CHECK(path == entry.path);
        paths.push_back(path.relative());
    }
    return paths;
}

Names names_of(const std::vector<DeclaredPackage>& packages) {
    Names names;
    for (const DeclaredPackage& package : packages) {
        names.push_back(package.name);
    }
    return names;
}

/// /etc with two files, as a lower layer.
Tar lower() {
    return {tar_directory("etc/"),     tar_file("etc/a", "a"),     tar_file("etc/b", "b"),
            tar_directory("etc/dir/"), tar_file("etc/dir/c", "c"), tar_file("etc.d", "d")};
}

TarEntry status_file(const std::string& name, const std::string& text) {
    return tar_file("var/lib/dpkg/status.d/" + name, text);
}

} // namespace

TEST_CASE("entries have what their headers say, and paths and hard links are clean") {
    TarEntry file = tar_file("./usr/bin/su", "su", 04755);
    file.header.uid = 7;
    file.header.gid = 8;
    file.header.mtime = 9;
    file.header.xattrs = {{"user.x", "y"}};
    const ImageContents contents = contents_of(
        {{file, tar_symlink("./usr/bin/link", "../x"),
          tar_hard_link("./usr/bin/hard", "./usr/bin/su"), tar_directory("./", 0700)}});
    const auto& entries = contents.entries;
    CHECK(entries.size() == 3);
    const tree::Entry wanted{
        .path = ImagePath::parse("usr/bin/su"),
        .mode = 04755,
        .uid = 7,
        .gid = 8,
        .mtime = 9,
        .size = 2,
        .xattrs = {{"user.x", "y"}}};
    CHECK(entries.at(wanted.path) == wanted);
    CHECK(entries.at(ImagePath::parse("usr/bin/link")).link == "../x");
    CHECK(entries.at(ImagePath::parse("usr/bin/hard")).link == "usr/bin/su");
    CHECK(entries.at(ImagePath::parse("usr/bin/hard")).type == tree::EntryType::hard_link);
}

TEST_CASE("the upper layer's entry is the image's") {
    const ImageContents contents =
        contents_of({lower(), {tar_file("etc/a", "upper"), tar_symlink("etc/b", "a")}});
    CHECK(contents.entries.at(ImagePath::parse("etc/a")).size == 5);
    CHECK(contents.entries.at(ImagePath::parse("etc/b")).type == tree::EntryType::symlink);
}

TEST_CASE("a whiteout hides a file, or a directory with all that is below it") {
    CHECK(
        paths_of({lower(), {tar_file("etc/.wh.a", "")}}) ==
        Names{"etc", "etc/b", "etc/dir", "etc/dir/c", "etc.d"});
    CHECK(
        paths_of({lower(), {tar_file("etc/.wh.dir", "")}}) ==
        Names{"etc", "etc/a", "etc/b", "etc.d"});
    CHECK(paths_of({lower(), {tar_file(".wh.etc", "")}}) == Names{"etc.d"});
    CHECK(paths_of({lower(), {tar_file(".wh.nothing", "")}}).size() == 6);
}

TEST_CASE("an opaque whiteout hides what lower layers had in a directory, not the directory") {
    CHECK(paths_of({lower(), {tar_file("etc/.wh..wh..opq", "")}}) == Names{"etc", "etc.d"});
    CHECK(paths_of({lower(), {tar_file(".wh..wh..opq", "")}}).empty());
}

TEST_CASE("a whiteout never hides what its own layer brings, before or behind it") {
    const Tar before{tar_file("etc/new", "n"), tar_file("etc/.wh..wh..opq", "")};
    const Tar behind{tar_file("etc/.wh..wh..opq", ""), tar_file("etc/new", "n")};
    CHECK(paths_of({lower(), before}) == Names{"etc", "etc/new", "etc.d"});
    CHECK(paths_of({lower(), behind}) == Names{"etc", "etc/new", "etc.d"});
    const Tar again{tar_file("etc/a", "other"), tar_file("etc/.wh.a", "")};
    CHECK(contents_of({lower(), again}).entries.contains(ImagePath::parse("etc/a")));
}

TEST_CASE("what a whiteout hid comes back in a layer above it") {
    CHECK(
        paths_of({lower(), {tar_file(".wh.etc", "")}, {tar_file("etc/a", "a")}}) ==
        Names{"etc/a", "etc.d"});
}

TEST_CASE("device nodes are passed over, paths that climb are refused") {
    const TarEntry null{
        .header = {
            .type = archive::TarType::character_device, .name = "dev/null", .device_major = 1}};
    CHECK(paths_of({{tar_directory("dev/"), null}}) == Names{"dev"});
    for (const TarEntry& entry :
         {tar_file("../x", "x"), tar_hard_link("x", "../../etc/passwd"),
          tar_file("etc/.wh...", "")}) {
        CAPTURE(entry.header.name);
        CHECK(error_of([&] { (void)contents_of({{entry}}); }).kind() == ErrorKind::refused);
    }
}

TEST_CASE("packages are those of dpkg's status that are installed") {
    const ImageContents contents = contents_of({{tar_file(
        "var/lib/dpkg/status",
        "Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n"
        "Source: src (0.9)\n\n"
        "Package: b\nStatus: deinstall ok config-files\nVersion: 1\nArchitecture: amd64\n\n"
        "Package: c\nStatus: hold ok installed\nVersion: 2\nArchitecture: all\n")}});
    REQUIRE(names_of(contents.packages) == Names{"a", "c"});
    CHECK(contents.packages[0].version == "1");
    CHECK(contents.packages[0].architecture == "amd64");
    CHECK(contents.packages[0].source == "src");
    CHECK(contents.packages[0].files.empty());
    CHECK(contents.packages[1].source == "c");
    CHECK(contents.packages[1].architecture == "all");
}

TEST_CASE("packages of distroless images are those of status.d, with their files") {
    const ImageContents contents = contents_of(
        {{status_file("a", "Package: a\nVersion: 1\nArchitecture: amd64\n"),
          status_file(
              "a.md5sums", "00000000000000000000000000000001  usr/bin/a\n"
                           "00000000000000000000000000000002  etc/a b\nbroken\n"),
          status_file("b", "Package: b\nVersion: 2\nArchitecture: all\n")}});
    REQUIRE(names_of(contents.packages) == Names{"a", "b"});
    CHECK(
        contents.packages[0].files ==
        std::vector{ImagePath::parse("usr/bin/a"), ImagePath::parse("etc/a b")});
    CHECK(contents.packages[1].files.empty());
}

TEST_CASE("a package whose status an upper layer hid or replaced is gone or the newer one") {
    const Tar base{
        status_file("a", "Package: a\nVersion: 1\nArchitecture: all\n"),
        status_file("b", "Package: b\nVersion: 1\nArchitecture: all\n")};
    const Tar upper{
        tar_file("var/lib/dpkg/status.d/.wh.a", ""),
        status_file("b", "Package: b\nVersion: 2\nArchitecture: all\n")};
    const ImageContents contents = contents_of({base, upper});
    REQUIRE(names_of(contents.packages) == Names{"b"});
    CHECK(contents.packages[0].version == "2");
}

} // namespace pare::test
