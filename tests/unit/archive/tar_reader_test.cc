// SPDX-License-Identifier: Apache-2.0
#include "archive/pax.hh"
#include "archive/tar_block.hh"
#include "helpers.hh"

#include <fmt/core.h>

#include <cstring>
#include <limits>

namespace pare::test {

namespace {

using archive::TarBlock;

/// A header block made by hand; what is not said is that of an empty ustar file `f`.
struct RawHeader {
    std::string name = "f";
    std::string mode = "0000644";
    std::string uid = "0000000";
    std::string gid = "0000000";
    std::string size = "00000000000";
    std::string mtime = "00000000000";
    char type = '0';
    std::string link{};
    std::string magic = std::string("ustar\00000", 8);
    std::string user{};
    std::string device_major{};
    std::string prefix{};
};

template <std::size_t Size>
void put(std::array<char, Size>& field, const std::string& text) {
    REQUIRE(text.size() <= Size);
    std::memcpy(field.data(), text.data(), text.size());
}

Bytes raw(const RawHeader& header) {
    TarBlock block{};
    put(block.name, header.name);
    put(block.mode, header.mode);
    put(block.uid, header.uid);
    put(block.gid, header.gid);
    put(block.size, header.size);
    put(block.mtime, header.mtime);
    block.type = header.type;
    put(block.link, header.link);
    put(block.magic, header.magic);
    put(block.user, header.user);
    put(block.device_major, header.device_major);
    put(block.prefix, header.prefix);
    put(block.checksum, fmt::format("{:06o}", archive::checksum_of<unsigned char>(block)));
    block.checksum[7] = ' ';
    return Bytes(archive::block_bytes(block));
}

Bytes padded(Bytes content) {
    content.append(archive::tar_padding(content.size()), '\0');
    return content;
}

/// An extended header of that type and what it holds.
Bytes extended(char type, const Bytes& content) {
    return raw({.size = fmt::format("{:011o}", content.size()), .type = type}) + padded(content);
}

Bytes record(const std::string& key, const std::string& value) {
    return archive::write_pax({{key, value}});
}

const Bytes kEnd(1024, '\0');

TarHeader only_header(const Bytes& tar) {
    const std::vector<TarEntry> entries = read_tar(tar);
    REQUIRE(entries.size() == 1);
    return entries[0].header;
}

Error refusal(const Bytes& tar, const archive::TarLimits& limits = {}) {
    Error error = error_of([&] { read_tar(tar, limits); });
    CHECK(error.kind() == ErrorKind::refused);
    return error;
}

} // namespace

TEST_CASE("an entry is read with all that its header says") {
    const TarHeader header{
        .type = TarType::file,
        .name = "usr/bin/x",
        .mode = 04755,
        .uid = 1,
        .gid = 2,
        .user = "daemon",
        .group = "bin",
        .mtime = 1'700'000'000};
    const std::vector<TarEntry> entries =
        read_tar(build_tar({{.header = header, .content = "hello"}, tar_file("y", "")}));
    REQUIRE(entries.size() == 2);
    TarHeader expected = header;
    expected.size = 5;
    CHECK(entries[0].header == expected);
    CHECK(entries[0].content == "hello");
    CHECK(entries[1].header.user.empty());
}

TEST_CASE("content that nobody reads is skipped, and content ends at its end") {
    const Bytes tar = build_tar({tar_file("a", noise(100'000)), tar_file("b", "bytes")});
    ViewSource source(tar);
    archive::TarReader reader(source, {}, "test.tar");
    REQUIRE(reader.next() != nullptr);
    char buffer[100];
    CHECK(reader.content().read(buffer, 10) == 10);
    REQUIRE(reader.next() != nullptr);
    CHECK(reader.content().read(buffer, sizeof buffer) == 5);
    CHECK(reader.content().read(buffer, sizeof buffer) == 0);
    CHECK(reader.next() == nullptr);
    CHECK(reader.next() == nullptr);
    CHECK(reader.content().read(buffer, sizeof buffer) == 0);
}

TEST_CASE("no byte of the input is read before it is needed") {
    const Bytes tar = build_tar({tar_file("a", "first"), tar_file("b", "second")});
    ViewSource source(tar);
    archive::TarReader reader(source, {}, "test.tar");
    char rest[5];
    REQUIRE(reader.next() != nullptr);
    CHECK(source.read(rest, sizeof rest) == 5);
    CHECK(BytesView(rest, 5) == "first");
}

TEST_CASE("the end marker may be missing, or be one block only") {
    const Bytes entry = raw({});
    CHECK(read_tar(entry).size() == 1);
    CHECK(read_tar(entry + Bytes(512, '\0')).size() == 1);
    CHECK(read_tar(entry + Bytes(10240, '\0')).size() == 1);
    CHECK(read_tar("").empty());
    CHECK(read_tar(kEnd).empty());
}

TEST_CASE("data after the end marker is refused, for others would see it") {
    CHECK(contains(refusal(raw({}) + kEnd + raw({})).message(), "follows the end"));
    CHECK(contains(refusal(raw({}) + Bytes(512, '\0') + raw({})).message(), "follows the end"));
}

TEST_CASE("an archive that is cut short is refused") {
    const Bytes tar = raw({.size = "00000001000"}) + padded(noise(512)) + raw({.name = "g"});
    for (const unsigned size : {1U, 100U, 511U, 513U, 700U, 1023U, 1025U, 1535U}) {
        CHECK(contains(refusal(tar.substr(0, size)).message(), "ends too early"));
    }
    const Bytes unpadded = raw({.size = "00000000005"}) + "hello";
    CHECK(contains(refusal(unpadded).message(), "ends too early"));
    CHECK(contains(refusal(extended('L', "name")).message(), "ends too early"));
}

TEST_CASE("a wrong checksum is refused; a sum of signed bytes is taken") {
    Bytes tar = raw({});
    tar[0] = 'g';
    CHECK(contains(refusal(tar).message(), "checksum"));

    TarBlock block{};
    block.name = {'\xc3', '\xa9'};
    put(block.checksum, fmt::format("{:06o}", archive::checksum_of<signed char>(block)));
    CHECK(only_header(Bytes(archive::block_bytes(block))).name == "\xc3\xa9");
}

TEST_CASE("ustar joins the prefix to the name; GNU and V7 have no prefix") {
    CHECK(only_header(raw({.name = "b", .prefix = "a"})).name == "a/b");
    const std::string gnu("ustar  \0", 8);
    CHECK(only_header(raw({.name = "b", .magic = gnu, .prefix = "1234567"})).name == "b");
    const TarHeader v7 = only_header(raw({.name = "b", .magic = "", .user = "u", .prefix = "a"}));
    CHECK(v7.name == "b");
    CHECK(v7.user.empty());
}

TEST_CASE("a name that fills its field needs no NUL") {
    const std::string name(100, 'n');
    CHECK(
        only_header(raw({.name = name, .type = '2', .link = std::string(100, 'l')})).name == name);
}

TEST_CASE("GNU long names and links hold for the next entry alone") {
    const std::string name(3000, 'n');
    const std::string link(3000, 'l');
    const std::vector<TarEntry> entries = read_tar(
        extended('K', link + '\0') + extended('L', name + '\0') +
        raw({.name = "short", .type = '2', .link = "short"}) + raw({}));
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].header.name == name);
    CHECK(entries[0].header.link == link);
    CHECK(entries[1].header.name == "f");
}

TEST_CASE("pax records go over the header, and over GNU long names") {
    const Bytes records = record("path", "from/pax") + record("uid", "4294967295") +
                          record("gid", "7") + record("uname", "us\xc3\xa9r") +
                          record("gname", "group") + record("mtime", "1700000000.987654321") +
                          record("SCHILY.xattr.user.a", std::string("\0=\n", 3)) +
                          record("SCHILY.xattr.user.empty", "") +
                          record("LIBARCHIVE.xattr.user.b", "eA") + record("comment", "c");
    const TarHeader header = only_header(extended('L', "gnu") + extended('x', records) + raw({}));
    CHECK(header.name == "from/pax");
    CHECK(header.uid == 4294967295);
    CHECK(header.gid == 7);
    CHECK(header.user == "us\xc3\xa9r");
    CHECK(header.group == "group");
    CHECK(header.mtime == 1'700'000'000);
    CHECK(
        header.xattrs == std::map<std::string, std::string>{
                             {"user.a", std::string("\0=\n", 3)}, {"user.empty", ""}});
}

TEST_CASE("pax times before 1970 are rounded down, as stat does") {
    const auto time = [](const std::string& text) {
        return only_header(extended('x', record("mtime", text)) + raw({})).mtime;
    };
    CHECK(time("-1") == -1);
    CHECK(time("-1.0") == -1);
    CHECK(time("-1.5") == -2);
    CHECK(time("-0") == 0);
    CHECK(time("-0.1") == -1);
    CHECK(time("0.999") == 0);
    CHECK(time("9223372036854775807.9") == std::numeric_limits<std::int64_t>::max());
    CHECK(time("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
}

TEST_CASE("the size of a pax header is that of the content") {
    const Bytes tar =
        extended('x', record("size", "5")) + raw({.size = "00000000000"}) + padded("hello") + kEnd;
    CHECK(read_tar(tar).at(0).content == "hello");
}

TEST_CASE("a global pax header holds for all entries; theirs go over it, an empty one undoes it") {
    const std::vector<TarEntry> entries = read_tar(
        extended('g', record("uname", "all") + record("mtime", "5")) + raw({}) +
        extended('x', record("uname", "one")) + raw({}) + extended('x', record("uname", "")) +
        raw({.user = "header"}) + raw({.user = "header"}));
    REQUIRE(entries.size() == 4);
    CHECK(entries[0].header.user == "all");
    CHECK(entries[1].header.user == "one");
    CHECK(entries[1].header.mtime == 5);
    CHECK(entries[2].header.user == "header");
    CHECK(entries[2].header.mtime == 5);
    CHECK(entries[3].header.user == "all");
}

TEST_CASE("malformed pax records are refused") {
    for (const Bytes& records :
         {Bytes("5 a=b"),
          Bytes("6 a=b\n7"),
          Bytes("99 a=b\n"),
          Bytes("0 a=b\n"),
          Bytes("3 \n"),
          Bytes("x a=b\n"),
          Bytes("5 =b\n"),
          Bytes("5 ab\n"),
          Bytes("6 a=b\n\0", 7),
          Bytes("99999999999999999999999 a=b\n"),
          Bytes("-6 a=b\n"),
          record("size", "-1"),
          record("size", "1e3"),
          record("uid", "0x1"),
          record("mtime", "now"),
          record("mtime", "1.-5"),
          record("mtime", "99999999999999999999"),
          record("mtime", "9223372036854775808"),
          record("mtime", "-9223372036854775808.1"),
          record("mtime", "-9223372036854775809"),
          record("mtime", "-"),
          record("path", std::string("a\0b", 3)),
          record("GNU.sparse.colour", "red")}) {
        CAPTURE(records);
        const Error error = refusal(extended('x', records) + raw({}));
        CHECK((!error.context().empty() || contains(error.message(), "test.tar")));
    }
}

TEST_CASE("numbers are octal with any padding, or base-256") {
    CHECK(only_header(raw({.uid = "  755 "})).uid == 0755);
    CHECK(only_header(raw({.uid = "00000755"})).uid == 0755);
    CHECK(only_header(raw({.uid = ""})).uid == 0);
    CHECK(only_header(raw({.uid = std::string("\x80\0\0\0\x01\0\0\0", 8)})).uid == 1U << 24);
    CHECK(only_header(raw({.mtime = std::string(12, '\xff')})).mtime == -1);
    const std::string large("\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", 12);
    CHECK(only_header(raw({.mtime = large})).mtime == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("numbers that are none, negative or too large are refused") {
    CHECK(contains(refusal(raw({.uid = "12x"})).message(), "uid"));
    CHECK(contains(refusal(raw({.mode = "0000888"})).message(), "mode"));
    CHECK(contains(refusal(raw({.gid = "-1"})).message(), "gid"));
    CHECK(contains(refusal(raw({.gid = std::string(8, '\xff')})).message(), "negative"));
    CHECK(contains(refusal(raw({.size = std::string(12, '\xff')})).message(), "negative"));
    const std::string overflow("\x80\0\0\x01\0\0\0\0\0\0\0\0", 12);
    CHECK(contains(refusal(raw({.mtime = overflow})).message(), "mtime"));
    const std::string device("\x80\0\0\x01\0\0\0\0", 8);
    CHECK(contains(refusal(raw({.type = '3', .device_major = device})).message(), "device"));
}

TEST_CASE("mode keeps permission bits alone") {
    CHECK(only_header(raw({.mode = "0104755"})).mode == 04755);
}

TEST_CASE("only files have content, whatever the size of others says") {
    for (const char type : {'1', '2', '3', '4', '5', '6'}) {
        const std::vector<TarEntry> entries =
            read_tar(raw({.size = "00000001000", .type = type, .link = "to"}) + raw({}));
        CHECK(entries.size() == 2);
        CHECK(entries[0].header.size == 0);
    }
    CHECK(only_header(raw({.type = '5', .link = "no link"})).link.empty());
}

TEST_CASE("contiguous files are files, files named like directories are directories") {
    CHECK(only_header(raw({.type = '7'})).type == TarType::file);
    CHECK(only_header(raw({.type = '\0'})).type == TarType::file);
    CHECK(only_header(raw({.name = "d/", .type = '\0'})).type == TarType::directory);
    CHECK(only_header(raw({.name = "d/", .type = '0'})).type == TarType::directory);
}

TEST_CASE("types that pare does not know are refused by name") {
    for (const char type : {'8', 'A', 'D', 'M', 'N', 'V', 'X', 'z', '\xff'}) {
        const Error error = refusal(raw({.name = "odd", .type = type}));
        CHECK(contains(error.message(), "odd"));
        CHECK(contains(error.message(), fmt::format("0x{:02x}", static_cast<unsigned char>(type))));
    }
}

TEST_CASE("entries without a name and links without a target are refused") {
    CHECK(contains(refusal(raw({.name = "", .uid = "1"})).message(), "no name"));
    CHECK(contains(refusal(raw({.type = '1'})).message(), "no target"));
    CHECK(contains(refusal(raw({.type = '2'})).message(), "no target"));
}

TEST_CASE("the limits on entries, content and extended headers hold") {
    const Bytes two = raw({}) + raw({});
    CHECK(read_tar(two, {.entries = 2}).size() == 2);
    CHECK(contains(refusal(two, {.entries = 1}).message(), "more than 1 entries"));

    const Bytes thousand = build_tar({tar_file("a", noise(600)), tar_file("b", noise(400))});
    CHECK(read_tar(thousand, {.total = 1000}).size() == 2);
    CHECK(contains(refusal(thousand, {.total = 999}).message(), "hold more than"));
    CHECK(contains(refusal(raw({.size = "77777777777"}), {.total = 1000}).message(), "more than"));

    const Bytes name = extended('L', std::string(2000, 'n')) + raw({});
    CHECK(read_tar(name, {.extended = 2000}).size() == 1);
    CHECK(contains(refusal(name, {.extended = 1999}).message(), "extended"));
    CHECK(contains(refusal(extended('x', noise(2000)), {.extended = 1999}).message(), "extended"));

    Bytes many;
    for (int i = 0; i < 100; ++i) {
        many += extended('g', record("comment", "again"));
    }
    CHECK(contains(refusal(many + raw({})).message(), "too many"));
}

TEST_CASE("an error says in which archive, and where") {
    const Error error = refusal(raw({}) + noise(512));
    CHECK(contains(error.message(), "test.tar: "));
    CHECK(contains(error.message(), "byte 1024"));
    CHECK(!error.hint().empty());
}

} // namespace pare::test
