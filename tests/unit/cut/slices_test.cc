// SPDX-License-Identifier: Apache-2.0
// Slice files and what a wanted name stands for.
#include "cut/slices.hh"
#include "support/expect.hh"
#include "support/files.hh"

#include <doctest/doctest.h>

#include <string>

namespace pare::cut {

namespace {

using test::Names;

std::string problem_of(const std::string& text) {
    const Error error = test::error_of([&] { return parse_slices(text, "x.yaml"); });
    CHECK(error.kind() == ErrorKind::definition);
    return std::to_string(error.where().line) + ": " + error.message();
}

Names names_of(const std::vector<Slice>& slices) {
    Names names;
    for (const Slice& slice : slices) {
        names.push_back(slice.name);
    }
    return names;
}

} // namespace

TEST_CASE("a name splits at its first underscore") {
    CHECK(parse_slice_name("libc6") == SliceName{"libc6", ""});
    CHECK(parse_slice_name("libc6_gconv") == SliceName{"libc6", "gconv"});
}

TEST_CASE("a slice file says what each slice takes, needs and makes needless") {
    const SliceFile file = parse_slices(
        "packages: [libfoo1, libfoo1t64]\n"
        "slices:\n"
        "  runtime:\n"
        "    include: [/usr/lib/*/libfoo.so.*, var/lib/foo/]\n"
        "    exclude: [usr/lib/*/libfoo.so.*.py]\n"
        "    without: [libbar2]\n"
        "  plugins: {hint: more, needs: [libfoo1_runtime, libbaz3]}\n",
        "x.yaml");
    CHECK(file.packages == Names{"libfoo1", "libfoo1t64"});
    REQUIRE(file.find("runtime") != nullptr);
    CHECK(file.find("runtime")->include == Names{"usr/lib/*/libfoo.so.*", "var/lib/foo/"});
    CHECK(file.find("runtime")->without == Names{"libbar2"});
    REQUIRE(file.find("plugins") != nullptr);
    CHECK(
        file.find("plugins")->needs ==
        std::vector<SliceName>{{"libfoo1", "runtime"}, {"libbaz3", ""}});
    CHECK(file.find("other") == nullptr);
}

TEST_CASE("mistakes in a slice file are named with their place") {
    CHECK(
        problem_of("package: a\nslices: {b: {includes: [x]}}\n")
            .find("2: unknown key 'includes'") == 0);
    for (const char* bad :
         {"", "package: a\n", "slices: {b: {include: [x]}}\n", "package: a\nslices: {}\n",
          "package: a\nslices: {b: {}}\n", "package: a\nslices: {B_: {include: [x]}}\n",
          "package: a\nslices: {all: {include: [x]}}\n", "package: a\nslices: {b: {include: x}}\n",
          "package: [a]\nslices: {b: {include: [x]}}\n", "package: a\nslices: [b]\n"}) {
        INFO(bad);
        CHECK(!problem_of(bad).empty());
    }
}

TEST_CASE("a package's own name is its runtime slice, or all but documentation") {
    const SliceLibrary library;
    CHECK(names_of(slices_of(library, "libc6", {})) == Names{"runtime"});
    CHECK(names_of(slices_of(library, "libc6", {"", "runtime"})) == Names{"runtime"});
    CHECK(names_of(slices_of(library, "libc6", {"", "gconv"})) == Names{"runtime", "gconv"});
    CHECK(names_of(slices_of(library, "libc6", {"gconv", "all"})) == Names{"all"});
    CHECK(slices_of(library, "no-such-package", {}) == std::vector{without_documentation()});
    CHECK_THROWS_AS((void)slices_of(library, "libc6", {"gconvs"}), Error);
}

TEST_CASE("every built-in slice file reads, and its package has no other") {
    const SliceLibrary library;
    for (const char* package : {"libssl3", "libssl3t64", "libstdc++6", "openjdk-17-jre-headless"}) {
        INFO(package);
        const SliceFile* file = library.find(package);
        REQUIRE(file != nullptr);
        CHECK(file->built_in);
    }
}

TEST_CASE("slices of the user's win over the built-in ones, and change what images are known by") {
    const TemporaryDirectory directory;
    write_file(
        directory.path() / "libc6.yaml",
        "package: libc6\nslices: {mine: {include: [usr/lib/*]}}\n");
    SliceLibrary library;
    const std::string before = library.digest();
    library.add_directory(directory.path());
    CHECK(library.digest() != before);
    REQUIRE(library.find("libc6") != nullptr);
    CHECK(!library.find("libc6")->built_in);
    CHECK(library.find("libc6")->find("gconv") == nullptr);
    CHECK_THROWS_AS(library.add_directory(directory.path() / "nothing"), Error);
}

} // namespace pare::cut
