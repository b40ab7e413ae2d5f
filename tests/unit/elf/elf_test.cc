// SPDX-License-Identifier: Apache-2.0
#include "elf/elf.hh"
#include "elf_builder.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

#include <algorithm>

namespace pare::test {

namespace {

using elf::Elf;
using elf::parse_elf;

Elf parsed(const Bytes& bytes) {
    const auto elf = parse_elf(bytes, "test.so");
    REQUIRE(elf.has_value());
    return *elf;
}

std::string refusal(const Bytes& bytes) {
    const Error error = error_of([&] { return parse_elf(bytes, "test.so"); });
    CHECK(error.kind() == ErrorKind::refused);
    return error.message();
}

const ElfSpec kSample{
    .interpreter = "/lib64/ld-linux-x86-64.so.2",
    .soname = "libsample.so.1",
    .needed = {"libc.so.6", "libm.so.6"},
    .rpath = "/old",
    .runpath = "$ORIGIN/../lib:/opt/lib",
    .version_needs = {
        {.library = "libc.so.6", .versions = {"GLIBC_2.34", "GLIBC_2.2.5"}},
        {.library = "libm.so.6", .versions = {"GLIBC_2.29"}}}};

} // namespace

TEST_CASE("an ELF file says the same in 32 and 64 bits and both byte orders") {
    for (const bool is64 : {true, false}) {
        for (const Endian endian : {Endian::little, Endian::big}) {
            ElfSpec spec = kSample;
            spec.is64 = is64;
            spec.endian = endian;
            spec.machine = 183;
            spec.flags = 0x05000400;
            const Elf found = parsed(build_elf(spec));
            CHECK(found.type == elf::FileType::shared);
            CHECK(found.is64 == is64);
            CHECK(found.endian == endian);
            CHECK(found.machine == 183);
            CHECK(found.flags == 0x05000400);
            CHECK(found.interpreter == spec.interpreter);
            CHECK(found.dynamic);
            CHECK(found.soname == spec.soname);
            CHECK(found.needed == spec.needed);
            CHECK(found.rpath == spec.rpath);
            CHECK(found.runpath == spec.runpath);
            CHECK(found.version_needs == spec.version_needs);
        }
    }
}

TEST_CASE("the type is that of the header") {
    CHECK(parsed(build_elf({.type = 1})).type == elf::FileType::other);
    CHECK(parsed(build_elf({.type = 2})).type == elf::FileType::executable);
    CHECK(parsed(build_elf({.type = 3})).type == elf::FileType::shared);
}

TEST_CASE("a file without a dynamic section is static") {
    Bytes bytes = build_elf(kSample);
    bytes.replace(56, 2, Bytes(2, '\0')); // e_phnum
    const Elf found = parsed(bytes);
    CHECK(!found.dynamic);
    CHECK(found.needed.empty());
    CHECK(found.interpreter.empty());
}

TEST_CASE("detached debug information, which has no bytes behind its program headers, is static") {
    Bytes bytes = build_elf(kSample);
    for (std::size_t header = 1; header < 3; ++header) {
        bytes.replace(64 + header * 56 + 32, 8, Bytes(8, '\0')); // p_filesz
    }
    const Elf found = parsed(bytes);
    CHECK(!found.dynamic);
    CHECK(found.interpreter.empty());
}

TEST_CASE("what has another magic is no ELF file") {
    CHECK(!parse_elf("", "x").has_value());
    CHECK(!parse_elf("#!/bin/sh\n", "x").has_value());
    CHECK(!parse_elf("\177EL", "x").has_value());
    CHECK(!elf::looks_like_elf("\177EL"));
    CHECK(elf::looks_like_elf("\177ELF\2\1\1"));
}

TEST_CASE("an ELF file that is cut short is refused or says less, never reads beyond") {
    const Bytes whole = build_elf(kSample);
    for (std::size_t size = 4; size < whole.size(); ++size) {
        const Bytes cut = whole.substr(0, size);
        CHECK_MESSAGE(!refusal(cut).empty(), size);
    }
}

TEST_CASE("a class, byte order or version that does not exist is refused") {
    for (const unsigned at : {4U, 5U, 6U}) {
        for (const char value : {'\0', '\3', '\xff'}) {
            Bytes bytes = build_elf(kSample);
            bytes[at] = value;
            CHECK(contains(refusal(bytes), "does not exist"));
        }
    }
}

TEST_CASE("tables outside of the file are refused") {
    Bytes far_table = build_elf(kSample);
    far_table.replace(32, 8, Bytes(8, '\xff')); // e_phoff
    CHECK(contains(refusal(far_table), "program header table lies outside"));

    Bytes odd_entries = build_elf(kSample);
    odd_entries[54] = 55; // e_phentsize
    CHECK(contains(refusal(odd_entries), "55 bytes, not 56"));

    Bytes many = build_elf(kSample);
    many.replace(56, 2, "\xff\xff"); // e_phnum
    CHECK(contains(refusal(many), "too many program headers"));
}

TEST_CASE("strings that are not loaded, not ended or outside of their table are refused") {
    ElfSpec spec = kSample;
    spec.strings_address = 0x10;
    CHECK(contains(refusal(build_elf(spec)), "is not loaded"));
    spec.strings_address.reset();
    spec.strings_size = 1'000'000;
    CHECK(contains(refusal(build_elf(spec)), "longer than what is loaded"));
    spec.strings_size = 12;
    CHECK(contains(refusal(build_elf(spec)), "does not end"));
    CHECK(contains(refusal(build_elf({.needed = {std::string(4097, 'n')}})), "too long"));
    CHECK(parsed(build_elf({.needed = {std::string(4096, 'n')}})).needed.at(0).size() == 4096);
}

TEST_CASE("more than 10 000 libraries are refused") {
    ElfSpec spec{.needed = std::vector<std::string>(10'000, "l")};
    CHECK(parsed(build_elf(spec)).needed.size() == 10'000);
    spec.needed.emplace_back("l");
    CHECK(contains(refusal(build_elf(spec)), "10000 libraries"));
}

TEST_CASE("more than 10 000 versions are refused, also when they are counted in a circle") {
    ElfSpec spec{
        .version_needs = {{.library = "l", .versions = std::vector<std::string>(10'001, "V")}}};
    CHECK(contains(refusal(build_elf(spec)), "10000 versions"));
    spec.version_needs = {{.library = "l", .versions = {"V"}}};
    spec.version_needs_count = 10'001;
    CHECK(contains(refusal(build_elf(spec)), "10000 libraries"));
    spec.version_needs_count = 10'000;
    CHECK(parsed(build_elf(spec)).version_needs.size() == 1);
}

TEST_CASE("an error names the file") {
    CHECK(contains(refusal("\177ELF"), "test.so"));
}

} // namespace pare::test
