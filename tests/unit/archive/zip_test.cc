// SPDX-License-Identifier: Apache-2.0
#include "archive/zip.hh"
#include "helpers.hh"
#include "support/zip_builder.hh"

namespace pare::test {

namespace {

using archive::ZipReader;

constexpr std::uint64_t kEnough = 1U << 20U;

Names names_of(const ZipReader& zip) {
    Names names;
    for (const archive::ZipEntry& entry : zip.entries()) {
        names.push_back(entry.name);
    }
    return names;
}

/// What the reader says to an archive of these members, or to reading the first of them.
Error refusal(const Bytes& archive) {
    Error error = error_of([&] {
        const ZipReader zip(archive, "test.jar");
        return zip.read(zip.entries().at(0), kEnough);
    });
    CHECK(error.kind() == ErrorKind::refused);
    CHECK(contains(error.message(), "test.jar"));
    return error;
}

/// An archive of one stored member `name` of bytes `content`, with `from` replaced by `to`.
Bytes changed(const std::string& from, const std::string& to, bool everywhere = false) {
    Bytes archive = build_zip({{.name = "name", .content = "content", .deflated = false}});
    std::size_t at = archive.find(from);
    REQUIRE(at != Bytes::npos);
    do {
        archive.replace(at, from.size(), to);
        at = archive.find(from, at + to.size());
    } while (everywhere && at != Bytes::npos);
    return archive;
}

} // namespace

TEST_CASE("entries come in the order of the directory, stored or deflated") {
    const std::string text(100'000, 'x');
    const Bytes archive = build_zip(
        {{.name = "stored", .content = "as it is", .deflated = false},
         {.name = "directory/"},
         {.name = "directory/deflated", .content = text}});
    REQUIRE(archive.size() < 2000);
    REQUIRE(archive::looks_like_zip(archive));
    const ZipReader zip(archive, "test.jar");
    CHECK(names_of(zip) == Names{"stored", "directory/", "directory/deflated"});
    CHECK(zip.read(zip.entries()[0], kEnough) == "as it is");
    CHECK(zip.read(zip.entries()[1], kEnough).empty());
    CHECK(zip.read(zip.entries()[2], text.size()) == text);
    CHECK(zip.entries()[2].size == text.size());
}

TEST_CASE("the start of an entry is read without the rest") {
    const Bytes archive = build_zip({{.name = "long", .content = std::string(1U << 20U, 'x')}});
    const ZipReader zip(archive, "test.jar");
    CHECK(zip.read_start(zip.entries()[0], 4) == "xxxx");
    CHECK(zip.read_start(zip.entries()[0], 2U << 20U).size() == 1U << 20U);
}

TEST_CASE("an empty archive has no entries") {
    CHECK(ZipReader(build_zip({}), "test.jar").entries().empty());
}

TEST_CASE("a start script may stand before the archive") {
    const Bytes archive =
        "#!/bin/sh\nexec java -jar \"$0\"\n" + build_zip({{.name = "a", .content = "aa"}});
    const ZipReader zip(archive, "test.jar");
    REQUIRE(names_of(zip) == Names{"a"});
    CHECK(zip.read(zip.entries()[0], kEnough) == "aa");
    if (!has_program("python3")) {
        MESSAGE("python3 is not here");
        return;
    }
    // Python writes offsets that count it.
    const TemporaryDirectory directory;
    shell(
        "python3 -c \"import sys, zipfile; out = open('script.zip', 'wb'); out.write(b'#!x\\\\n'); "
        "zipfile.ZipFile(out, 'w').writestr('a', 'aa')\"",
        directory.path());
    const MappedFile file(directory.path() / "script.zip");
    REQUIRE(file.bytes().starts_with("#!x"));
    const ZipReader counted(file.bytes(), "script.zip");
    CHECK(counted.read(counted.entries().at(0), kEnough) == "aa");
}

TEST_CASE("an entry is no longer than the caller wants, whatever it says") {
    const Bytes archive = build_zip({{.name = "long", .content = std::string(1000, 'x')}});
    const ZipReader zip(archive, "test.jar");
    const Error error = error_of([&] { return zip.read(zip.entries()[0], 999); });
    CHECK(contains(error.message(), "long has 1.0 kB"));
    // Sizes stand in both headers, behind the CRC and the size of the compressed form.
    std::string size;
    append_int(size, std::uint32_t{1000}, Endian::little);
    Bytes liar = archive;
    for (std::size_t at = liar.find(size); at != Bytes::npos; at = liar.find(size, at + 4)) {
        liar[at] = 10;
        liar[at + 1] = 0;
    }
    CHECK(contains(refusal(liar).message(), "long"));
}

TEST_CASE("what is no archive, or a damaged one, is refused") {
    refusal("");
    refusal("no archive at all");
    refusal(build_zip({{.name = "a", .content = "aa"}}).substr(0, 40));
    CHECK(contains(refusal(changed("content", "CONTENT")).message(), "name"));
    CHECK(contains(refusal(changed("PK\1\2", "PK\1\3")).message(), "zip archive"));
    // The method, behind the name's version and flags: 14 is LZMA, which java does not read.
    const std::string method("\x14\0\0\0\0\0", 6);
    const std::string lzma("\x14\0\0\0\x0e\0", 6);
    CHECK(contains(refusal(changed(method, lzma, true)).message(), "neither stored nor deflated"));
    const std::string encrypted("\x14\0\1\0\0\0", 6);
    CHECK(contains(refusal(changed(method, encrypted, true)).message(), "encrypted"));
}

TEST_CASE("names that lead out of a directory are refused") {
    for (const char* name : {"/abs", "../x", "a/../x", "a\nb", ".."}) {
        CAPTURE(name);
        CHECK(contains(refusal(build_zip({{.name = name}})).message(), "an entry of the name"));
    }
    CHECK(ZipReader(build_zip({{.name = "a..b/..c"}}), "test.jar").entries().size() == 1);
}

TEST_CASE("more entries than any jar has are refused") {
    std::vector<ZipMember> many(200'000, ZipMember{.name = "a"});
    CHECK(ZipReader(build_zip(many), "test.jar").entries().size() == 200'000);
    many.push_back({.name = "a"});
    CHECK(contains(refusal(build_zip(many)).message(), "200001 entries; 200000 are enough"));
}

TEST_CASE("unzip and we read the same") {
    if (!has_program("unzip") || !has_program("zip")) {
        MESSAGE("unzip or zip is not here");
        return;
    }
    const TemporaryDirectory directory;
    const Bytes archive = build_zip(
        {{.name = "a/b", .content = "bytes"}, {.name = "c", .content = "x", .deflated = false}});
    write_file(directory.path() / "ours.zip", archive);
    CHECK(shell("unzip -Z1 ours.zip && unzip -tqq ours.zip", directory.path()) == "a/b\nc\n");
    write_file(directory.path() / "file", std::string(5000, 'y'));
    shell("zip -q theirs.zip file && echo y | zip -q -0 theirs.zip -", directory.path());
    const MappedFile file(directory.path() / "theirs.zip");
    const ZipReader zip(file.bytes(), "theirs.zip");
    CHECK(names_of(zip) == Names{"file", "-"});
    CHECK(zip.read(zip.entries()[0], kEnough) == std::string(5000, 'y'));
    CHECK(zip.read(zip.entries()[1], kEnough) == "y\n");
}

} // namespace pare::test
