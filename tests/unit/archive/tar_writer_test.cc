// SPDX-License-Identifier: Apache-2.0
#include "archive/tar_block.hh"
#include "helpers.hh"

#include <rapidcheck.h>

#include <cstring>
#include <limits>

namespace pare::test {

namespace {

using archive::tar_header;
using archive::TarBlock;

/// The last block of what was written: the ustar header itself.
TarBlock ustar_block(const Bytes& written) {
    REQUIRE(written.size() >= sizeof(TarBlock));
    TarBlock block{};
    std::memcpy(&block, written.data() + written.size() - sizeof block, sizeof block);
    return block;
}

/// What reading gives back: directories end in '/', only files have sizes, and so on.
TarHeader as_stored(TarHeader header) {
    const bool is_device =
        header.type == TarType::character_device || header.type == TarType::block_device;
    if (header.type == TarType::directory && !header.name.ends_with('/')) {
        header.name += '/';
    }
    if (header.type != TarType::file) {
        header.size = 0;
    }
    if (header.type != TarType::symlink && header.type != TarType::hard_link) {
        header.link.clear();
    }
    header.device_major = is_device ? header.device_major : 0;
    header.device_minor = is_device ? header.device_minor : 0;
    return header;
}

TarHeader read_back(const Bytes& written) {
    ViewSource source(written);
    archive::TarReader reader(
        source, {.total = std::numeric_limits<std::uint64_t>::max()}, "test.tar");
    const TarHeader* header = reader.next();
    REQUIRE(header != nullptr);
    return *header;
}

rc::Gen<char> name_byte() {
    return rc::gen::weightedOneOf<char>(
        {{8, rc::gen::elementOf(std::string("abcxyz019._-+"))},
         {1, rc::gen::just('/')},
         {1, rc::gen::distinctFrom(rc::gen::arbitrary<char>(), '\0')}});
}

/// Mostly short, sometimes as long as the fields of a header or longer.
rc::Gen<std::string> name(std::size_t longest) {
    return rc::gen::mapcat(
        rc::gen::weightedOneOf<std::size_t>(
            {{3, rc::gen::inRange<std::size_t>(1, 30)},
             {1, rc::gen::inRange<std::size_t>(1, longest)}}),
        [](std::size_t size) {
            return rc::gen::map(
                rc::gen::container<std::string>(size, name_byte()), [](std::string text) {
                    text.back() = text.back() == '/' ? 'e' : text.back();
                    return text;
                });
        });
}

template <typename Number>
rc::Gen<Number> number() {
    return rc::gen::weightedOneOf<Number>(
        {{3, rc::gen::inRange<Number>(0, 100'000)}, {1, rc::gen::arbitrary<Number>()}});
}

rc::Gen<TarHeader> any_header() {
    return rc::gen::build<TarHeader>(
        rc::gen::set(
            &TarHeader::type,
            rc::gen::element(
                TarType::file, TarType::hard_link, TarType::symlink, TarType::character_device,
                TarType::block_device, TarType::directory, TarType::fifo)),
        rc::gen::set(&TarHeader::name, name(400)), rc::gen::set(&TarHeader::link, name(200)),
        rc::gen::set(&TarHeader::mode, rc::gen::inRange<std::uint32_t>(0, 010000)),
        rc::gen::set(&TarHeader::uid, number<std::uint64_t>()),
        rc::gen::set(&TarHeader::gid, number<std::uint64_t>()),
        rc::gen::set(&TarHeader::user, name(40)), rc::gen::set(&TarHeader::group, name(40)),
        rc::gen::set(&TarHeader::mtime, number<std::int64_t>()),
        rc::gen::set(&TarHeader::size, number<std::uint64_t>()),
        rc::gen::set(&TarHeader::device_major, number<std::uint32_t>()),
        rc::gen::set(&TarHeader::device_minor, number<std::uint32_t>()),
        rc::gen::set(
            &TarHeader::xattrs,
            rc::gen::scale(
                0.05, rc::gen::container<std::map<std::string, std::string>>(
                          rc::gen::map(
                              rc::gen::container<std::string>(
                                  12, rc::gen::elementOf(std::string("abc.XYZ_"))),
                              [](const std::string& key) { return "user." + key; }),
                          rc::gen::string<std::string>()))));
}

} // namespace

TEST_CASE("whatever header is written is read back, in whole blocks, the same every time") {
    CHECK(rc::check("header round trip", [] {
        const TarHeader header = *any_header();
        const Bytes written = tar_header(header);
        RC_ASSERT(written.size() % 512 == 0U);
        RC_ASSERT(written == tar_header(header));
        RC_ASSERT(read_back(written) == as_stored(header));
    }));
}

TEST_CASE("what fits ustar is one block with fixed bytes") {
    const TarHeader header{
        .type = TarType::file,
        .name = "usr/bin/x",
        .mode = 0755,
        .uid = 65532,
        .gid = 7,
        .user = "me",
        .group = "us",
        .mtime = 1'700'000'000,
        .size = 5};
    const Bytes written = tar_header(header);
    REQUIRE(written.size() == 512);
    Bytes expected = "usr/bin/x" + Bytes(91, '\0') + "0000755" + '\0' + "0177774" + '\0' +
                     "0000007" + '\0' + "00000000005" + '\0' + "14524770400" + '\0' + "010745" +
                     '\0' + " 0" + Bytes(100, '\0') + "ustar" + '\0' + "00" + "me" +
                     Bytes(30, '\0') + "us" + Bytes(30, '\0') + "0000000" + '\0' + "0000000" +
                     '\0' + Bytes(167, '\0');
    const TarBlock block = ustar_block(written);
    expected.replace(148, 6, archive::field_text(block.checksum));
    CHECK(written == expected);
}

TEST_CASE("directories end in '/', and the root of a tree is ./") {
    const auto stored = [](const char* name) {
        return read_back(tar_header({.type = TarType::directory, .name = name})).name;
    };
    CHECK(stored("usr") == "usr/");
    CHECK(stored("usr/") == "usr/");
    CHECK(stored("") == "./");
}

TEST_CASE("a name of up to 256 bytes is split at a '/' where one stands well") {
    const std::string name = std::string(155, 'p') + '/' + std::string(100, 'n');
    const Bytes written = tar_header({.name = name});
    CHECK(written.size() == 512);
    CHECK(read_back(written).name == name);
    const TarBlock block = ustar_block(written);
    CHECK(archive::field_text(block.prefix) == std::string(155, 'p'));
    CHECK(archive::field_text(block.name) == std::string(100, 'n'));
}

TEST_CASE("a name that cannot be split goes in a pax header") {
    for (const std::string& name :
         {std::string(101, 'n'), std::string(156, 'p') + "/n", "p/" + std::string(101, 'n'),
          '/' + std::string(100, 'n')}) {
        const Bytes written = tar_header({.name = name});
        CHECK(written.size() == 3 * 512);
        CHECK(written.substr(0, 11) == "PaxHeaders/");
        CHECK(read_back(written).name == name);
    }
    const std::string directory = std::string(100, 'd') + '/';
    CHECK(read_back(tar_header({.type = TarType::directory, .name = directory})).name == directory);
}

TEST_CASE("a pax header holds what does not fit, sorted, and nothing of its own") {
    const TarHeader header{
        .type = TarType::symlink,
        .name = std::string(150, 'n'),
        .link = std::string(101, 'l'),
        .uid = 010000000,
        .gid = 010000000,
        .user = std::string(32, 'u'),
        .mtime = -1,
        .xattrs = {{"user.b", "2"}, {"user.a", "1"}}};
    const Bytes written = tar_header(header);
    TarBlock first{};
    std::memcpy(&first, written.data(), sizeof first);
    CHECK(archive::field_text(first.name) == "PaxHeaders/" + std::string(89, 'n'));
    CHECK(archive::field_text(first.mode) == "0000644");
    CHECK(archive::field_text(first.uid) == "0000000");
    CHECK(archive::field_text(first.mtime) == "00000000000");
    CHECK(archive::field_text(first.user).empty());
    CHECK(first.type == 'x');
    CHECK(
        written.substr(512, written.find('\0', 512) - 512) == "25 SCHILY.xattr.user.a=1\n"
                                                              "25 SCHILY.xattr.user.b=2\n"
                                                              "15 gid=2097152\n"
                                                              "115 linkpath=" +
                                                                  header.link + "\n12 mtime=-1\n" +
                                                                  "160 path=" + header.name +
                                                                  "\n15 uid=2097152\n"
                                                                  "42 uname=" +
                                                                  header.user + "\n");
    CHECK(read_back(written) == header);
}

TEST_CASE("sizes from 8 GiB go in a pax header") {
    CHECK(tar_header({.name = "f", .size = 077777777777}).size() == 512);
    const Bytes written = tar_header({.name = "f", .size = 0100000000000});
    CHECK(written.size() == 3 * 512);
    CHECK(contains(written, "19 size=8589934592\n"));
}

TEST_CASE("hard links carry no size, and devices keep their numbers") {
    const Bytes link =
        tar_header({.type = TarType::hard_link, .name = "a", .link = "b", .size = 100});
    CHECK(archive::field_text(ustar_block(link).size) == "00000000000");
    const TarHeader device{
        .type = TarType::character_device, .name = "null", .device_major = 1, .device_minor = 3};
    CHECK(read_back(tar_header(device)) == device);
}

TEST_CASE("a header that no tar can hold is a bug of the caller") {
    for (const TarHeader& header :
         {TarHeader{.name = ""}, TarHeader{.name = std::string("a\0b", 3)},
          TarHeader{.type = TarType::symlink, .name = "a", .link = std::string("\0", 1)},
          TarHeader{.name = "a", .xattrs = {{"a=b", "c"}}},
          TarHeader{.name = "a", .xattrs = {{"", "c"}}}}) {
        const Error error = error_of([&] { static_cast<void>(tar_header(header)); });
        CHECK(error.kind() == ErrorKind::bug);
    }
}

TEST_CASE("padding fills the last block, and the end is two blocks of zeros") {
    CHECK(archive::tar_padding(0) == 0);
    CHECK(archive::tar_padding(1) == 511);
    CHECK(archive::tar_padding(512) == 0);
    CHECK(archive::tar_padding(513) == 511);
    CHECK(archive::tar_end() == Bytes(1024, '\0'));
}

} // namespace pare::test
