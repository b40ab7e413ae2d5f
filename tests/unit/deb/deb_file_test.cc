// SPDX-License-Identifier: Apache-2.0
#include "deb/deb_file.hh"
#include "support/deb_builder.hh"
#include "support/expect.hh"
#include "support/files.hh"
#include "support/run_command.hh"

#include <doctest/doctest.h>
#include <fmt/core.h>

namespace pare::deb {

namespace {

constexpr std::string_view kControl = "Package: sample\nVersion: 1:2.0-3\nArchitecture: all\n"
                                      "Maintainer: A <a@deb.example>\nDescription: sample\n";
constexpr std::size_t kLimit = std::size_t{1} << 20;

using test::build_ar;
using test::build_tar;
using test::Tar;
using test::tar_file;

const test::ArFile kFormat{"debian-binary", "2.0\n", 7};
const test::ArFile kData{"data.tar", "data"};

test::ArFile control_member(const Tar& entries) {
    return {"control.tar", build_tar(entries)};
}

test::ArFile good_control() {
    return control_member({tar_file("control", Bytes(kControl))});
}

/// A package with these files in its control archive.
Bytes deb_with(const Tar& control_entries) {
    return build_ar({kFormat, control_member(control_entries), kData});
}

Bytes data_of(DebFile& deb) {
    return read_all(*deb.data({}), kLimit);
}

bool is_refused(const Bytes& bytes) {
    const auto error = test::thrown_by([&] {
        DebFile deb(bytes, "x.deb");
        return data_of(deb);
    });
    if (error) {
        CHECK(error->kind() == ErrorKind::refused);
        CHECK(test::contains(error->message(), "x.deb"));
    }
    return error.has_value();
}

/// Packages that dpkg-deb makes, in a directory of their own.
class DpkgDeb {
public:
    DpkgDeb() {
        const auto root = directory_.path() / "root";
        make_directories(root / "DEBIAN");
        make_directories(root / "usr" / "share" / "sample");
        write_file(root / "DEBIAN" / "control", kControl);
        write_file(root / "DEBIAN" / "md5sums", "d41d8cd98f00b204e9800998ecf8427e  etc/sample\n");
        write_file(root / "DEBIAN" / "conffiles", "/etc/sample\n");
        write_file(root / "DEBIAN" / "triggers", "activate-noawait ldconfig\n");
        for (const char* script : {"postinst", "prerm"}) {
            write_file(root / "DEBIAN" / script, "#!/bin/sh\n");
            std::filesystem::permissions(root / "DEBIAN" / script, std::filesystem::perms(0755));
        }
        make_directories(root / "etc");
        write_file(root / "etc" / "sample", "");
        std::string text;
        for (int i = 0; i < 3000; ++i) {
            text += fmt::format("line {}\n", i * i);
        }
        write_file(root / "usr" / "share" / "sample" / "text", text);
    }

    /// Makes `NAME.deb` with compression `how`; gives its path.
    std::filesystem::path build(const std::string& how) const {
        const auto path = directory_.path() / (how + ".deb");
        const auto result = test::run_command(
            {"dpkg-deb", "--root-owner-group", "--uniform-compression", "-Z" + how, "--build",
             (directory_.path() / "root").string(), path.string()},
            {.environment = {{"SOURCE_DATE_EPOCH", "1700000000"}}});
        REQUIRE_MESSAGE(result.status == 0, result.output);
        return path;
    }

    static bool is_here() { return test::has_program("dpkg-deb"); }

private:
    TemporaryDirectory directory_;
};

/// The same package under damage: refused, or not changed in anything that is given out.
void check_damaged(const Bytes& damaged, const Bytes& control, const Bytes& data) {
    const auto error = test::thrown_by([&] {
        DebFile deb(damaged, "x.deb");
        const Bytes damaged_data = data_of(deb);
        CHECK(deb.control() == control);
        CHECK(damaged_data == data);
    });
    CHECK((!error || error->kind() == ErrorKind::refused));
}

} // namespace

TEST_CASE("packages of every compression are read as dpkg-deb reads them") {
    if (!DpkgDeb::is_here()) {
        MESSAGE("skipped: no dpkg-deb");
        return;
    }
    const DpkgDeb builder;
    for (const char* how : {"none", "gzip", "xz", "zstd"}) {
        CAPTURE(how);
        const auto path = builder.build(how);
        const Bytes file = read_file(path);
        DebFile deb(file, path.string());
        CHECK(deb.control() == kControl);
        CHECK(deb.md5sums() == "d41d8cd98f00b204e9800998ecf8427e  etc/sample\n");
        CHECK(deb.conffiles() == "/etc/sample\n");
        CHECK(deb.scripts() == std::vector<std::string>{"postinst", "prerm"});
        CHECK(deb.date() == 1700000000);
        const auto oracle = test::run_command({"dpkg-deb", "--fsys-tarfile", path.string()});
        REQUIRE(oracle.status == 0);
        CHECK(data_of(deb) == oracle.output);
    }
}

TEST_CASE("a package cut short is refused") {
    if (!DpkgDeb::is_here()) {
        MESSAGE("skipped: no dpkg-deb");
        return;
    }
    const DpkgDeb builder;
    for (const char* how : {"gzip", "xz", "zstd"}) {
        CAPTURE(how);
        const Bytes file = read_file(builder.build(how));
        for (std::size_t piece = 0; piece < 50; ++piece) {
            CAPTURE(piece);
            // The last byte may be padding; what is before it is needed.
            CHECK(is_refused(file.substr(0, (file.size() - 2) * piece / 49)));
        }
    }
}

TEST_CASE("a flipped bit is refused or changes nothing") {
    if (!DpkgDeb::is_here()) {
        MESSAGE("skipped: no dpkg-deb");
        return;
    }
    const DpkgDeb builder;
    // zstd has no checksum here, as dpkg-deb makes it, so there only the hash of the file helps.
    for (const char* how : {"gzip", "xz"}) {
        CAPTURE(how);
        const Bytes file = read_file(builder.build(how));
        DebFile whole(file, "whole.deb");
        const Bytes data = data_of(whole);
        for (std::size_t piece = 0; piece < 200; ++piece) {
            CAPTURE(piece);
            const std::size_t at = file.size() * piece / 200;
            Bytes damaged = file;
            damaged[at] = static_cast<char>(damaged[at] ^ (1 << (piece % 8)));
            check_damaged(damaged, whole.control(), data);
        }
    }
}

TEST_CASE("members whose name begins with an underscore, and what follows the data, are skipped") {
    const Bytes file = build_ar({
        {"debian-binary", "2.1\nmore\n", 7},
        {"_one", "odd"},
        good_control(),
        {"_two", ""},
        kData,
        {"signature", "x"},
        {"data.tar", "other"},
    });
    DebFile deb(file, "x.deb");
    CHECK(deb.control() == kControl);
    CHECK(deb.date() == 7);
    CHECK(deb.md5sums().empty());
    CHECK(deb.scripts().empty());
    CHECK(data_of(deb) == "data");
}

TEST_CASE("the order of the members is fixed") {
    const test::ArFile control = good_control();
    CHECK_FALSE(is_refused(build_ar({kFormat, control, kData})));
    CHECK(is_refused(build_ar({control, kFormat, kData})));
    CHECK(is_refused(build_ar({kFormat, kData, control})));
    CHECK(is_refused(build_ar({kFormat, control})));
    CHECK(is_refused(build_ar({kFormat})));
    CHECK(is_refused(build_ar({})));
    CHECK(is_refused(build_ar({kFormat, {"extra", "x"}, control, kData})));
    CHECK(is_refused(build_ar({kFormat, control, control, kData})));
    CHECK(is_refused(build_ar({{"_x", ""}, kFormat, control, kData})));
    CHECK(is_refused(build_ar({kFormat, control, {"data.tar.bz2", "x"}})));
    CHECK(is_refused(build_ar({kFormat, control, {"data.tarred", "x"}})));
}

TEST_CASE("only format 2 is read") {
    for (const char* text : {"", "2.0", "2.\n", "3.0\n", "2\n", "0.939000\n", "20.0\n"}) {
        CAPTURE(text);
        CHECK(is_refused(build_ar({{"debian-binary", text}, good_control(), kData})));
    }
}

TEST_CASE("the control archive has to hold one control file that is a file") {
    const test::TarEntry control = tar_file("./control", Bytes(kControl));
    CHECK_FALSE(is_refused(deb_with({control})));
    CHECK(is_refused(deb_with({})));
    CHECK(is_refused(deb_with({tar_file("./other", Bytes(kControl))})));
    CHECK(is_refused(deb_with({tar_file("sub/control", Bytes(kControl))})));
    CHECK(is_refused(deb_with({control, tar_file("control", Bytes(kControl))})));
    CHECK(is_refused(deb_with({test::tar_symlink("./control", "/etc/passwd")})));
    CHECK(is_refused(deb_with({control, test::tar_symlink("./md5sums", "/etc/passwd")})));
    CHECK_FALSE(is_refused(deb_with({control, test::tar_symlink("./other", "/etc/passwd")})));
}

TEST_CASE("a control archive beyond its limits is refused") {
    const test::TarEntry control = tar_file("./control", Bytes(kControl));
    CHECK(is_refused(deb_with({control, tar_file("large", Bytes((16U << 20) + 1, 'x'))})));
    Tar many{control};
    for (int i = 0; i < 1000; ++i) {
        many.push_back(tar_file(fmt::format("f{}", i), ""));
    }
    CHECK(is_refused(deb_with(many)));
}

} // namespace pare::deb
