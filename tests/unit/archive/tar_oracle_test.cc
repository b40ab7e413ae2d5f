// SPDX-License-Identifier: Apache-2.0
// GNU tar and bsdtar write, we read; we write, they read.
#include "helpers.hh"

#include <sys/stat.h>

namespace pare::test {

namespace {

namespace fs = std::filesystem;

const char* const kPlainTree = R"(
    mkdir -p tree/sub/empty && cd tree
    printf 'hello\n' > file && chmod 4755 file
    head -c 70000 /dev/urandom > sub/large && chmod 0600 sub/large
    : > sub/nothing
    ln -s ../file sub/symlink
    ln file sub/hardlink
    mkfifo pipe
    touch -d '2001-02-03 04:05:06' file sub/large
    touch -h -d '1999-12-31 23:59:59' sub/symlink
)";

const char* const kLongNames = R"(
    cd tree
    long=$(printf '%0120d' 7)
    mkdir -p "$long/$long" && echo long > "$long/$long/$long"
    ln -s "$long/$long/$long" "sub/to-$long"
    ln "$long/$long/$long" "hard-$long"
    echo umlaut > 'grüße'
)";

/// What lstat(2) says of the file has to be what the archive says.
void compare_with_disk(const TarEntry& entry, const fs::path& root, std::uint64_t uid) {
    CAPTURE(entry.header.name);
    std::string name = entry.header.name;
    while (name.ends_with('/')) {
        name.pop_back();
    }
    struct stat found{};
    REQUIRE(::lstat((root / name).c_str(), &found) == 0);
    CHECK(entry.header.mode == (found.st_mode & 07777U));
    CHECK(entry.header.mtime == found.st_mtim.tv_sec);
    CHECK(entry.header.uid == uid);
    CHECK(entry.header.gid == 4);
    switch (entry.header.type) {
    case TarType::file:
        CHECK(S_ISREG(found.st_mode));
        CHECK(entry.header.size == static_cast<std::uint64_t>(found.st_size));
        CHECK(entry.content == read_file(root / name));
        break;
    case TarType::hard_link:
        CHECK(fs::equivalent(root / name, root / entry.header.link));
        break;
    case TarType::symlink:
        CHECK(entry.header.link == fs::read_symlink(root / name).string());
        break;
    case TarType::directory:
        CHECK(S_ISDIR(found.st_mode));
        CHECK(entry.header.name.ends_with('/'));
        break;
    case TarType::fifo:
        CHECK(S_ISFIFO(found.st_mode));
        break;
    default:
        FAIL("a type that was not packed");
    }
}

/// Packs the directory `tree` with that command line, in which UID stands for `uid`.
void check_writer(std::string command, std::uint64_t uid, const fs::path& directory) {
    command.replace(command.find("UID"), 3, std::to_string(uid));
    CAPTURE(command);
    shell(command, directory);
    const std::vector<TarEntry> entries = read_tar(read_file(directory / "their.tar"));
    CHECK(entries.size() == std::stoul(shell("find tree | wc -l", directory)));
    for (const TarEntry& entry : entries) {
        compare_with_disk(entry, directory, uid);
    }
}

std::vector<TarEntry> our_entries() {
    const std::string long_name(130, 'n');
    std::vector<TarEntry> entries{
        tar_directory("usr/", 0755),
        tar_directory("usr/" + long_name, 01777),
        tar_file("usr/file", "hello\n", 04755),
        tar_file("usr/" + long_name + '/' + std::string(90, 'm'), "split", 0640),
        tar_file(std::string(300, 'x'), "pax", 0600),
        tar_symlink("usr/symlink", "file"),
        tar_symlink("usr/long-" + long_name, std::string(200, 't')),
        tar_hard_link("usr/hard", "usr/file"),
        {.header = {.type = TarType::fifo, .name = "pipe", .mode = 0600}},
        {.header = {
             .type = TarType::character_device,
             .name = "null",
             .mode = 0666,
             .device_major = 1,
             .device_minor = 3}}};
    for (TarEntry& entry : entries) {
        entry.header.mtime = 1'700'000'000;
        entry.header.uid = 65532;
        entry.header.gid = 7;
    }
    entries[2].header.uid = 4'000'000'000;
    entries[2].header.mtime = -86'400;
    entries[4].header.gid = 3'000'000;
    return entries;
}

/// How `tar -tv --numeric-owner --full-time` shows them.
const char* const kListing = R"(drwxr-xr-x 65532/7 0 2023-11-14 22:13:20 usr/
drwxrwxrwt 65532/7 0 2023-11-14 22:13:20 usr/NNN/
-rwsr-xr-x 4000000000/7 6 1969-12-31 00:00:00 usr/file
-rw-r----- 65532/7 5 2023-11-14 22:13:20 usr/NNN/MMM
-rw------- 65532/3000000 3 2023-11-14 22:13:20 LLL
lrwxrwxrwx 65532/7 0 2023-11-14 22:13:20 usr/symlink -> file
lrwxrwxrwx 65532/7 0 2023-11-14 22:13:20 usr/long-NNN -> TTT
hrw-r--r-- 65532/7 0 2023-11-14 22:13:20 usr/hard link to usr/file
prw------- 65532/7 0 2023-11-14 22:13:20 pipe
crw-rw-rw- 65532/7 1,3 2023-11-14 22:13:20 null
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
        text.replace(at, from.size(), to);
    }
    return text;
}

/// Long names shortened and columns joined, as kListing has them.
std::string normalised(std::string listing) {
    listing = replaced(listing, std::string(130, 'n'), "NNN");
    listing = replaced(listing, std::string(90, 'm'), "MMM");
    listing = replaced(listing, std::string(300, 'x'), "LLL");
    listing = replaced(listing, std::string(200, 't'), "TTT");
    while (listing.find("  ") != std::string::npos) {
        listing = replaced(listing, "  ", " ");
    }
    return listing;
}

} // namespace

TEST_CASE("archives of GNU tar and bsdtar, in every format, say what the disk says") {
    const TemporaryDirectory holder;
    const fs::path& directory = holder.path();
    const std::string gnu = "tar --owner=someone:UID --group=adm:4 -cf their.tar tree ";
    const std::string bsd = "bsdtar --uid UID --gid 4 -cf their.tar ";
    constexpr std::uint64_t kSmall = 1234;
    constexpr std::uint64_t kLarge = 2'000'000'000;
    shell(kPlainTree, directory);
    check_writer(gnu + "--format=ustar", kSmall, directory);
    check_writer(bsd + "--format ustar tree", kSmall, directory);
    check_writer("rm tree/pipe; " + gnu + "--format=v7", kSmall, directory);
    shell(kLongNames, directory);
    for (const char* const format : {"gnu", "oldgnu", "posix"}) {
        check_writer(gnu + "--format=" + format, kLarge, directory);
    }
    check_writer(bsd + "--format pax tree", kLarge, directory);
    check_writer(bsd + "--format gnutar tree", kSmall, directory);
}

TEST_CASE("a global header of GNU tar holds for its entries") {
    const TemporaryDirectory directory;
    shell("touch f && tar -cf g.tar --pax-option=comment=x,gname=all f", directory.path());
    CHECK(read_tar(read_file(directory.path() / "g.tar")).at(0).header.group == "all");
}

TEST_CASE("sparse files of GNU tar and bsdtar, in every format, are given with their holes") {
    const TemporaryDirectory holder;
    const fs::path& directory = holder.path();
    shell(
        "truncate -s 4M holes && for i in $(seq 0 2 90); do "
        "printf 'data at %d' $i | dd of=holes bs=32K seek=$i conv=notrunc status=none; done && "
        "truncate -s 1M empty && cp --sparse=always holes tail && printf x >> tail",
        directory);
    const std::string gnu = "tar --sparse --hole-detection=raw -cf their.tar holes empty tail ";
    for (const std::string& command :
         {gnu + "--format=gnu", gnu + "--format=oldgnu",
          gnu + "--format=posix --sparse-version=0.0", gnu + "--format=posix --sparse-version=0.1",
          gnu + "--format=posix --sparse-version=1.0",
          std::string("bsdtar --format pax -cf their.tar holes empty tail")}) {
        CAPTURE(command);
        shell(command, directory);
        CHECK(fs::file_size(directory / "their.tar") < 3U << 20);
        const std::vector<TarEntry> entries = read_tar(read_file(directory / "their.tar"));
        REQUIRE(entries.size() == 3);
        for (const TarEntry& entry : entries) {
            CHECK(entry.content == read_file(directory / entry.header.name));
            CHECK(entry.header.size == entry.content.size());
        }
    }
}

TEST_CASE("content of sparse files that is not read is skipped") {
    const TemporaryDirectory directory;
    shell(
        "truncate -s 1M holes && printf x | dd of=holes bs=64K seek=3 conv=notrunc status=none && "
        "echo after > after && tar --sparse --hole-detection=raw --format=gnu -cf a.tar holes after",
        directory.path());
    const Bytes tar = read_file(directory.path() / "a.tar");
    ViewSource source(tar);
    archive::TarReader reader(source, {}, "a.tar");
    REQUIRE(reader.next() != nullptr);
    REQUIRE(reader.next() != nullptr);
    CHECK(read_all(reader.content(), 100) == "after\n");
}

TEST_CASE("GNU tar lists what we write as it was meant") {
    const TemporaryDirectory directory;
    write_file(directory.path() / "ours.tar", build_tar(our_entries()));
    CHECK(
        normalised(shell("tar -tv --numeric-owner --full-time -f ours.tar", directory.path())) ==
        kListing);
}

TEST_CASE("bsdtar reads what we write as it was meant") {
    const TemporaryDirectory directory;
    write_file(directory.path() / "ours.tar", build_tar(our_entries()));
    const std::string listing =
        normalised(shell("bsdtar --numeric-owner -tvf ours.tar", directory.path()));
    for (const char* const line :
         {"drwxrwxrwt 0 65532 7 0 Nov 14 2023 usr/NNN/\n",
          "-rwsr-xr-x 0 4000000000 7 6 Dec 31 1969 usr/file\n",
          "-rw-r----- 0 65532 7 5 Nov 14 2023 usr/NNN/MMM\n",
          "-rw------- 0 65532 3000000 3 Nov 14 2023 LLL\n",
          "lrwxrwxrwx 0 65532 7 0 Nov 14 2023 usr/long-NNN -> TTT\n",
          "hrw-r--r-- 0 65532 7 0 Nov 14 2023 usr/hard link to usr/file\n",
          "prw------- 0 65532 7 0 Nov 14 2023 pipe\n",
          "crw-rw-rw- 0 65532 7 1,3 Nov 14 2023 null\n"}) {
        CHECK_MESSAGE(contains(listing, line), line, listing);
    }
    CHECK(shell("bsdtar -xOf ours.tar usr/file", directory.path()) == "hello\n");
}

TEST_CASE("GNU tar and bsdtar read a file of 9 GiB behind a header of ours") {
    const TemporaryDirectory directory;
    const std::uint64_t size = std::uint64_t{9} << 30;
    write_file(directory.path() / "large.tar", archive::tar_header({.name = "f", .size = size}));
    fs::resize_file(directory.path() / "large.tar", 3 * 512 + size + 1024);
    CHECK(contains(shell("tar -tvf large.tar", directory.path()), " 9663676416 "));
    CHECK(contains(shell("bsdtar -tvf large.tar", directory.path()), " 9663676416 "));
}

TEST_CASE("GNU tar sees our extended attributes") {
    const TemporaryDirectory directory;
    TarEntry entry = tar_file("f", "");
    entry.header.xattrs = {{"security.capability", Bytes(20, '\0')}, {"user.note", "a=b\nc"}};
    write_file(directory.path() / "ours.tar", build_tar({entry}));
    const std::string listing =
        shell("tar --xattrs --xattrs-include='*' -tvvf ours.tar", directory.path());
    CHECK(contains(listing, "x: 20 security.capability"));
    CHECK(contains(listing, "x: 5 user.note"));
}

} // namespace pare::test
