// SPDX-License-Identifier: Apache-2.0
// From an upstream project's tar archive to a cut.
#include "archive/codec.hh"
#include "cut/archive.hh"
#include "fixture.hh"

namespace pare::test {

namespace {

using cut::ArchiveSelection;
using cut::cut_archive;

const ArchiveSelection kTool{.strip = 1, .to = "/opt/tool"};

Tar tool_files() {
    return {
        {.header = {.type = archive::TarType::directory, .name = "tool-1/", .mode = 0775}},
        {.header = {.type = archive::TarType::directory, .name = "tool-1/bin/", .mode = 0775}},
        {.header = {.name = "tool-1/bin/tool", .mode = 0755, .uid = 1001, .gid = 1001, .mtime = 77},
         .content = "program"},
        {.header = {.type = archive::TarType::symlink, .name = "tool-1/bin/alias", .link = "tool"}},
        {.header =
             {.type = archive::TarType::hard_link,
              .name = "tool-1/bin/same",
              .link = "tool-1/bin/tool"}},
        {.header = {.name = "tool-1/doc/manual", .mode = 0644, .mtime = 99}, .content = "read me"},
    };
}

CutPackage cut_tool(
    const ArchiveSelection& selection, const Tar& files = tool_files(),
    const archive::Compression& compression = {}) {
    BytesSink part;
    CutPackage made;
    made.cut =
        cut_archive(archive::compress(build_tar(files), compression), selection, "tool", "1", part);
    made.part = part.take();
    return made;
}

/// Message and hint.
std::string error_of_cutting(const ArchiveSelection& selection, const Tar& files = tool_files()) {
    const Error error = error_of([&] { (void)cut_tool(selection, files); });
    return error.message() + " | " + error.hint();
}

} // namespace

TEST_CASE("what is below the stripped directories goes where it is wanted, and belongs to root") {
    const CutPackage made = cut_tool(kTool);
    CHECK(made.cut.package == "tool");
    CHECK(made.cut.version == "1");
    CHECK(made.content("opt/tool/bin/tool") == "program");
    CHECK(made.entry("opt/tool/bin/tool").uid == 0);
    CHECK(made.entry("opt/tool/bin/tool").mode == 0755);
    CHECK(made.entry("opt/tool/bin/alias").link == "tool");
    CHECK(made.entry("opt/tool/bin/same").link == "opt/tool/bin/tool");
    CHECK(made.entry("opt/tool/bin").type == EntryType::directory);
    CHECK_FALSE(made.has("tool-1"));
    CHECK(made.cut.date == 99);
    // An archive is no package: scanners would look for it in the distribution.
    CHECK_FALSE(made.has("var/lib/dpkg/status.d/tool"));
}

TEST_CASE("every compression of tar archives is read") {
    for (const std::string_view kind : {"none", "gzip", "zstd"}) {
        CAPTURE(kind);
        CHECK(
            cut_tool(kTool, tool_files(), archive::parse_compression(kind))
                .content("opt/tool/doc/manual") == "read me");
    }
}

TEST_CASE("globs choose from the stripped paths, and directories come with what they hold") {
    const CutPackage made = cut_tool({.strip = 1, .include = {"doc/*"}, .to = "/opt/tool"});
    CHECK(made.has("opt/tool/doc/manual"));
    CHECK_FALSE(made.has("opt/tool/bin/tool"));
    CHECK_FALSE(made.has("opt/tool/bin"));
    // The newest of what was taken.
    CHECK(made.cut.date == 99);
}

TEST_CASE("paths are usr-merged where they end up") {
    const CutPackage made = cut_tool({.strip = 1, .include = {"bin/*"}, .to = "/"});
    CHECK(made.has("usr/bin/tool"));
    CHECK_FALSE(made.has("bin"));
}

TEST_CASE("a path that went to somebody else is left out") {
    ArchiveSelection selection = kTool;
    selection.dropped = {"opt/tool/doc/manual"};
    CHECK_FALSE(cut_tool(selection).has("opt/tool/doc/manual"));
    CHECK(
        cut::archive_cut_key(std::string(64, '0'), selection) !=
        cut::archive_cut_key(std::string(64, '0'), kTool));
}

TEST_CASE("a glob that matches nothing is an error that shows what there is") {
    const std::string error = error_of_cutting({.strip = 1, .include = {"bin/toll"}, .to = "/opt"});
    CHECK(error.find("nothing in it matches 'bin/toll'") != std::string::npos);
    CHECK(error.find("bin/tool, bin/alias") != std::string::npos);
}

TEST_CASE("what an image cannot hold is refused") {
    Tar files = tool_files();
    files.push_back({.header = {.name = "tool-1/../../etc/passwd"}, .content = "x"});
    CHECK(error_of_cutting(kTool, files).find("..") != std::string::npos);
    files.back() = {.header = {.type = archive::TarType::fifo, .name = "tool-1/pipe"}};
    CHECK(error_of_cutting(kTool, files).find("fifo") != std::string::npos);
    CHECK(
        error_of_cutting({.strip = 1, .include = {"bin/same"}, .to = "/opt"})
            .find("names 'tool-1/bin/tool', which is not taken") != std::string::npos);
    BytesSink part;
    CHECK(
        error_of([&] { (void)cut_archive("PK\x03\x04zip", kTool, "tool", "1", part); })
            .message()
            .find("zip archive") != std::string::npos);
    CHECK_THROWS_AS((void)cut_archive("<html>", kTool, "tool", "1", part), Error);
}

} // namespace pare::test
