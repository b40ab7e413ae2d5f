// SPDX-License-Identifier: Apache-2.0
// Debian packages through all of this room; dpkg-deb is the oracle.
#include "archive/ar.hh"
#include "helpers.hh"

namespace pare::test {

namespace {

constexpr Codec kCodecs[] = {Codec::none, Codec::gzip, Codec::xz, Codec::zstd};

const char* const kControl = "Package: sample\n"
                             "Version: 1.0-1\n"
                             "Architecture: amd64\n"
                             "Maintainer: Nobody <nobody@example.org>\n"
                             "Description: sample\n";

DebSpec sample(Codec codec) {
    return {
        .control = kControl,
        .scripts = {{"postinst", "#!/bin/sh\nexit 0\n"}, {"conffiles", "/etc/sample\n"}},
        .entries =
            {tar_directory("./"), tar_directory("./etc/"), tar_file("./etc/sample", "a = b\n"),
             tar_directory("./usr/"), tar_file("./usr/program", noise(5000), 04755),
             tar_symlink("./usr/link", "program"), tar_hard_link("./usr/hard", "./usr/program")},
        .codec = codec,
        .mtime = 1'700'000'000};
}

std::vector<TarEntry> read_member(BytesView deb, std::size_t index) {
    const archive::ArMember member = archive::parse_ar(deb, "test.deb").at(index);
    return read_tar(unpack(member.bytes, archive::detect_codec(member.bytes)));
}

} // namespace

TEST_CASE("dpkg-deb takes the packages that our builder makes, in every codec") {
    for (const Codec codec : kCodecs) {
        const TemporaryDirectory directory;
        write_file(directory.path() / "ours.deb", build_deb(sample(codec)));
        CHECK(shell("dpkg-deb --field ours.deb Version", directory.path()) == "1.0-1\n");
        CHECK(contains(shell("dpkg-deb --info ours.deb", directory.path()), "postinst"));
        shell("dpkg-deb --extract ours.deb out && dpkg-deb --control ours.deb", directory.path());
        CHECK(read_file(directory.path() / "out/usr/hard") == noise(5000));
        shell("cd out && md5sum --check --strict ../DEBIAN/md5sums", directory.path());
    }
}

TEST_CASE("the same specification gives the same package") {
    for (const Codec codec : kCodecs) {
        CHECK(build_deb(sample(codec)) == build_deb(sample(codec)));
    }
}

TEST_CASE("packages of dpkg-deb are read, in every codec") {
    const TemporaryDirectory directory;
    shell(
        "mkdir -p pkg/DEBIAN pkg/usr/share && echo text > pkg/usr/share/file && "
        "ln -s file pkg/usr/share/link",
        directory.path());
    write_file(directory.path() / "pkg/DEBIAN/control", kControl);
    for (const char* const codec : {"none", "gzip", "xz", "zstd"}) {
        CAPTURE(codec);
        shell(
            "SOURCE_DATE_EPOCH=1700000000 dpkg-deb --root-owner-group -Z" + std::string(codec) +
                " --build pkg their.deb",
            directory.path());
        const Bytes deb = read_file(directory.path() / "their.deb");
        const std::vector<archive::ArMember> members = archive::parse_ar(deb, "their.deb");
        REQUIRE(members.size() == 3);
        CHECK(members[0].name == "debian-binary");
        CHECK(members[0].bytes == "2.0\n");
        CHECK(members[0].mtime == 1'700'000'000);
        const std::vector<TarEntry> control = read_member(deb, 1);
        REQUIRE(control.size() == 2);
        CHECK(control[1].header.name == "./control");
        CHECK(control[1].content == kControl);
        const std::vector<TarEntry> data = read_member(deb, 2);
        REQUIRE(data.size() == 5);
        CHECK(data[3].header.name == "./usr/share/file");
        CHECK(data[3].header.user == "root");
        CHECK(data[3].content == "text\n");
        CHECK(data[4].header.link == "file");
    }
}

} // namespace pare::test
