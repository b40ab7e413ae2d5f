// SPDX-License-Identifier: Apache-2.0
#include "archive/ar.hh"
#include "helpers.hh"

namespace pare::test {

namespace {

using archive::ArMember;
using archive::parse_ar;

Error refusal(const Bytes& archive) {
    Error error = error_of([&] { static_cast<void>(parse_ar(archive, "test.deb")); });
    CHECK(error.kind() == ErrorKind::refused);
    CHECK(contains(error.message(), "test.deb"));
    return error;
}

/// An archive of one member, with another text at `offset` of its header.
Bytes changed(std::size_t offset, const std::string& text) {
    Bytes archive = build_ar({{.name = "member", .bytes = "bytes!"}});
    archive.replace(8 + offset, text.size(), text);
    return archive;
}

} // namespace

TEST_CASE("members come in order, as views, with odd sizes padded") {
    const Bytes archive = build_ar(
        {{.name = "one", .bytes = "odd", .mtime = 1'700'000'000},
         {.name = "two/", .bytes = ""},
         {.name = "sixteen-letters!", .bytes = "even"}});
    const std::vector<ArMember> members = parse_ar(archive, "test.deb");
    REQUIRE(members.size() == 3);
    CHECK(members[0].name == "one");
    CHECK(members[0].mtime == 1'700'000'000);
    CHECK(members[0].bytes == "odd");
    CHECK(members[0].bytes.data() == archive.data() + 68);
    CHECK(members[1].name == "two");
    CHECK(members[1].bytes.empty());
    CHECK(members[2].name == "sixteen-letters!");
    CHECK(members[2].bytes == "even");
    CHECK(parse_ar("!<arch>\n", "test.deb").empty());
}

TEST_CASE("the padding of the last member may be missing") {
    Bytes archive = build_ar({{.name = "one", .bytes = "odd"}});
    archive.pop_back();
    CHECK(parse_ar(archive, "test.deb").at(0).bytes == "odd");
}

TEST_CASE("what is no ar archive, or is cut, is refused") {
    const Bytes archive = build_ar({{.name = "one", .bytes = "even"}});
    for (std::size_t size = 0; size < archive.size(); ++size) {
        if (size != 8) {
            refusal(archive.substr(0, size));
        }
    }
    refusal("!<thin>\n");
    CHECK(contains(refusal(archive + "x").message(), "byte 72"));
}

TEST_CASE("headers with bad numbers, bad ends or long names are refused") {
    CHECK(contains(refusal(changed(48, "6x")).message(), "size"));
    CHECK(contains(refusal(changed(48, "  ")).message(), "size"));
    CHECK(contains(refusal(changed(48, "-1")).message(), "size"));
    CHECK(contains(refusal(changed(48, "9999999999")).message(), "only 6 are left"));
    CHECK(contains(refusal(changed(16, "now")).message(), "mtime"));
    CHECK(contains(refusal(changed(58, "``")).message(), "does not end"));
    for (const char* const name : {"//     ", "/      ", "/12    ", "#1/20  "}) {
        CHECK(contains(refusal(changed(0, name)).message(), "long name"));
    }
    CHECK(contains(refusal(changed(0, "       ")).message(), "no name"));
}

TEST_CASE("more than 100 members are refused") {
    std::vector<ArFile> members(100, {.name = "m"});
    CHECK(parse_ar(build_ar(members), "test.deb").size() == 100);
    members.push_back({.name = "m"});
    CHECK(contains(refusal(build_ar(members)).message(), "100"));
}

TEST_CASE("ar reads what our builder writes, and we read what ar writes") {
    const TemporaryDirectory directory;
    write_file(directory.path() / "one", "odd");
    write_file(directory.path() / "two", "even");
    shell("ar rc their.ar one two", directory.path());
    const Bytes archive = read_file(directory.path() / "their.ar");
    const std::vector<ArMember> members = parse_ar(archive, "their.ar");
    REQUIRE(members.size() == 2);
    CHECK(members[0].name == "one");
    CHECK(members[0].bytes == "odd");
    CHECK(members[1].bytes == "even");

    write_file(
        directory.path() / "ours.ar",
        build_ar({{.name = "one", .bytes = "odd"}, {.name = "two", .bytes = "even"}}));
    CHECK(shell("ar t ours.ar", directory.path()) == "one\ntwo\n");
    CHECK(shell("ar p ours.ar two", directory.path()) == "even");
}

} // namespace pare::test
