// SPDX-License-Identifier: Apache-2.0
// What no package may bring into an image, and what is no package.
#include "fixture.hh"

namespace pare::test {

namespace {

using archive::TarType;

/// The message of the refusal of a package with that data archive.
std::string refusal(const Tar& entries, const Selection& selection = {}) {
    const Error error = error_of([&] { (void)cut_entries(entries, selection); });
    CHECK(error.kind() == ErrorKind::refused);
    CHECK(error.context() == Names{"cutting sample.deb"});
    return error.message();
}

TarEntry special(TarType type) {
    return {.header = {.type = type, .name = "./dev/x", .mode = 0600, .device_major = 1}};
}

Error control_error(const std::string& control) {
    return error_of([&] { (void)cut_bytes(build_deb({.control = control})); });
}

} // namespace

TEST_CASE("device nodes and fifos are refused, also where they are not taken") {
    for (const TarType type : {TarType::character_device, TarType::block_device, TarType::fifo}) {
        CHECK(contains(refusal({special(type)}), "'./dev/x' is a device node or fifo"));
        CHECK(contains(refusal({special(type)}, {.include = {"usr/**"}}), "sample.deb"));
    }
}

TEST_CASE("paths that climb are refused, of entries and of what hard links name") {
    for (const TarEntry& entry :
         {tar_file("./../etc/passwd", "x"), tar_file("usr/../../x", "x"),
          tar_directory("./usr/../"), tar_symlink("../x", "y"),
          tar_hard_link("./x", "../../etc/passwd")}) {
        CHECK(contains(refusal({entry}), "climbs with '..'"));
    }
}

TEST_CASE("an absolute path is one below the root of the image") {
    CHECK(cut_entries({tar_file("/etc/x", "x")}).files() == Names{"etc/x"});
}

TEST_CASE("a hard link to what is no file of the package is refused, when it is taken") {
    const Tar entries{
        tar_directory("./etc/"), tar_symlink("./etc/link", "x"),
        tar_hard_link("./etc/hard", "./etc/nothing")};
    CHECK(contains(refusal(entries), "hard link '/etc/hard' names '/etc/nothing'"));
    CHECK(cut_entries(entries, {.include = {"etc/link"}}).files() == Names{"etc/link"});
    CHECK(contains(
        refusal({tar_directory("./etc/"), tar_hard_link("./etc/hard", "./etc")}), "no file"));
}

TEST_CASE("owners beyond 32 bits are refused") {
    Tar entries{tar_file("./x", "x")};
    entries[0].header.uid = std::uint64_t{1} << 32;
    CHECK(contains(refusal(entries), "owner 4294967296 is too large"));
    entries[0].header.uid = 0;
    entries[0].header.gid = std::uint64_t{1} << 32;
    CHECK(contains(refusal(entries), "owner 4294967296 is too large"));
}

TEST_CASE("a place outside the image to put files at is refused") {
    const Tar entries{tar_file("./x", "x")};
    CHECK(contains(refusal(entries, {.include = {"x"}, .to = "../../tmp"}), "../../tmp"));
}

TEST_CASE("sums of paths that climb are refused") {
    const DebSpec spec{
        .control = kControl, .md5sums = "00000000000000000000000000000001  ../../etc/x\n"};
    const Error error = error_of([&] { (void)cut_bytes(build_deb(spec)); });
    CHECK(error.kind() == ErrorKind::refused);
}

TEST_CASE("a control file is one paragraph with a name that is one component of a path") {
    CHECK(control_error("").kind() == ErrorKind::refused);
    CHECK(
        control_error(std::string(kControl) + "\nPackage: second\nVersion: 1\n").kind() ==
        ErrorKind::refused);
    CHECK(control_error("Package: ../../../../etc/cron.d/x\n").kind() == ErrorKind::refused);
}

TEST_CASE("a package without a name is refused") {
    for (const char* control :
         {"Version: 1\n", "Package:\nVersion: 1\n", "Package: a/b\n", "Source: \nPackage: x\n"}) {
        CAPTURE(control);
        CHECK(control_error(control).kind() == ErrorKind::refused);
    }
}

TEST_CASE("what is no package, or only a part of one, is refused") {
    const Bytes deb = build_deb(
        {.control = kControl, .entries = {tar_file("./x", Bytes(2000, 'x'))}, .mtime = kDate});
    CHECK_NOTHROW((void)cut_bytes(deb));
    for (const Bytes& damaged : {Bytes(), Bytes("#!/bin/sh\n"), deb.substr(8)}) {
        CHECK(error_of([&] { (void)cut_bytes(damaged); }).kind() == ErrorKind::refused);
    }
    // The last byte may be padding; what is before it is needed.
    for (std::size_t size = 0; size + 2 < deb.size(); ++size) {
        CAPTURE(size);
        CHECK(error_of([&] { (void)cut_bytes(deb.substr(0, size)); }).kind() == ErrorKind::refused);
    }
}

} // namespace pare::test
