// SPDX-License-Identifier: Apache-2.0
// What the items of a cut say of ELF files.
#include "fixture.hh"
#include "unit/elf/elf_builder.hh"

namespace pare::test {

namespace {

Bytes library() {
    return build_elf({.soname = "libx.so.1", .needed = {"libc.so.6"}, .runpath = "$ORIGIN"});
}

/// Its strings lie where the file does not reach.
Bytes damaged_library() {
    return build_elf({.soname = "libbad.so.1", .strings_address = 0x7fffffff});
}

} // namespace

TEST_CASE("items say nothing of ELF files before the part is inspected") {
    CutPackage made = cut_entries({tar_file("./lib/libx.so.1", library())});
    CHECK(!made.find("usr/lib/libx.so.1")->elf);
    CHECK(cut::inspect_elf_files(made.cut, made.part).empty());
    CHECK(made.find("usr/lib/libx.so.1")->elf == elf::parse_elf(library(), "x"));
    CHECK(made.find("usr/lib/libx.so.1")->elf->soname == "libx.so.1");
}

TEST_CASE("only files that are ELF get what an ELF file says") {
    CutPackage made = cut_entries(
        {tar_directory("./usr/"), tar_file("./usr/script", "#!/bin/sh\n"),
         tar_file("./usr/empty", ""), tar_file("./usr/program", library(), 0755),
         tar_symlink("./usr/link", "program"), tar_hard_link("./usr/hard", "./usr/program")});
    CHECK(cut::inspect_elf_files(made.cut, made.part).empty());
    for (const cut::Item& item : made.cut.items) {
        CAPTURE(item.entry.path.relative());
        CHECK(item.elf.has_value() == (item.entry.path.relative() == "usr/program"));
    }
}

TEST_CASE("a damaged ELF file is told of in a sentence and stays as a file") {
    CutPackage made = cut_entries(
        {tar_file("./usr/lib/bad.so", damaged_library()), tar_file("./usr/lib/short.so", "\177ELF"),
         tar_file("./usr/lib/good.so", library())});
    const cut::Cut before = made.cut;
    const Names sentences = cut::inspect_elf_files(made.cut, made.part);
    REQUIRE(sentences.size() == 2);
    CHECK(contains(sentences[0], "sample: /usr/lib/bad.so"));
    CHECK(contains(sentences[1], "sample: /usr/lib/short.so"));
    CHECK(!made.find("usr/lib/bad.so")->elf);
    CHECK(!made.find("usr/lib/short.so")->elf);
    CHECK(made.find("usr/lib/good.so")->elf);
    CHECK(made.content("usr/lib/bad.so") == damaged_library());
    CHECK(made.cut.items.size() == before.items.size());
}

TEST_CASE("items that reach beyond the part are a bug of ours, not a crash") {
    CutPackage made = cut_entries({tar_file("./usr/x", library())});
    const std::uint64_t offset = made.find("usr/x")->offset;
    for (const std::size_t size : {std::size_t{0}, offset, offset + 1}) {
        CHECK(error_of([&] {
                  (void)cut::inspect_elf_files(made.cut, BytesView(made.part).substr(0, size));
              }).kind() == ErrorKind::bug);
    }
    made.cut.items.front().entry.size = UINT64_MAX;
    CHECK(error_of([&] {
              (void)cut::inspect_elf_files(made.cut, made.part);
          }).kind() == ErrorKind::bug);
}

} // namespace pare::test
