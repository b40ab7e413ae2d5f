// SPDX-License-Identifier: Apache-2.0
// Licences as packages name them, and as SPDX does.
#include "sbom/copyright.hh"
#include "support/expect.hh"

#include <string>

namespace pare::test {

namespace {

using sbom::Licences;

std::string expression_of(std::string_view text) {
    return sbom::spdx_expression(text).value_or("none");
}

constexpr const char* kHead =
    "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n";

/// The expression of a machine-readable file with one licence for all files.
std::string debian(const std::string& licence) {
    return sbom::read_copyright(
               kHead + std::string("\nFiles: *\nCopyright: us\nLicense: ") + licence + "\n")
        .expression;
}

} // namespace

TEST_CASE("names of the SPDX list are found without regard to case") {
    CHECK(sbom::known_licence("bsd-3-clause") == "BSD-3-Clause");
    CHECK(sbom::known_licence("MIT") == "MIT");
    CHECK(sbom::known_licence("0bsd") == "0BSD");
    CHECK(sbom::known_licence("ZPL-2.1") == "ZPL-2.1");
    CHECK(sbom::known_exception("gcc-exception-3.1") == "GCC-exception-3.1");
    CHECK(sbom::known_licence("Mine").empty());
}

TEST_CASE("an expression is checked and brought into one form") {
    CHECK(expression_of("mit") == "MIT");
    CHECK(expression_of("(MIT or apache-2.0) AND Zlib") == "(MIT OR Apache-2.0) AND Zlib");
    CHECK(
        expression_of("GPL-2.0-or-later with Classpath-exception-2.0") ==
        "GPL-2.0-or-later WITH Classpath-exception-2.0");
}

TEST_CASE("names that SPDX has withdrawn are replaced") {
    CHECK(expression_of("GPL-2.0+") == "GPL-2.0-or-later");
    CHECK(expression_of("LGPL-2.1") == "LGPL-2.1-only");
}

TEST_CASE("what is no expression is none") {
    for (const char* text : {"", "MIT OR", "(MIT", "MIT)", "MIT MIT", "Mine", "MIT WITH nothing"}) {
        CHECK(expression_of(text) == "none");
    }
    CHECK(expression_of(std::string(10'000, '(')) == "none");
}

TEST_CASE("words that name no licence become a reference to themselves") {
    const Licences licences = sbom::declared_licence("Ask the author");
    REQUIRE(licences.texts.size() == 1);
    CHECK(licences.expression == licences.texts.front().id);
    CHECK(licences.expression.starts_with("LicenseRef-Ask-the-author-"));
    CHECK(licences.texts.front().text == "Ask the author");
    CHECK(sbom::declared_licence("  ").expression.empty());
}

TEST_CASE("Debian's short names are told in those of SPDX") {
    CHECK(debian("Expat") == "MIT");
    CHECK(debian("GPL-2+") == "GPL-2.0-or-later");
    CHECK(debian("GPL-3") == "GPL-3.0-only");
    CHECK(debian("LGPL-2.1+") == "LGPL-2.1-or-later");
    CHECK(debian("GFDL-NIV-1.3+") == "GFDL-1.3-no-invariants-or-later");
    CHECK(debian("BSD-3-clause") == "BSD-3-Clause");
}

TEST_CASE("and, or and commas mean what the format says") {
    CHECK(debian("GPL-2+ or Artistic-1") == "GPL-2.0-or-later OR Artistic-1.0-Perl");
    CHECK(debian("Expat or Zlib and ISC") == "MIT OR (Zlib AND ISC)");
    CHECK(debian("Expat or Zlib, and ISC") == "(MIT OR Zlib) AND ISC");
}

TEST_CASE("all licences of a package hold together, each once") {
    const Licences licences = sbom::read_copyright(
        kHead + std::string("\nFiles: a\nCopyright: 1999 A\n 2000 B\nLicense: Expat\n"
                            "\nFiles: b\nCopyright: 1999 A\nLicense: Expat and Zlib\n"
                            "\nFiles: c\nCopyright: C\nLicense: GPL-1+ or Zlib\n"
                            "\nLicense: ISC\n a text that no file has\n"));
    CHECK(licences.expression == "MIT AND Zlib AND (GPL-1.0-or-later OR Zlib)");
    CHECK(licences.copyright == "1999 A\n2000 B\nC");
    CHECK(licences.texts.empty());
}

TEST_CASE("a name that only the package knows goes with its text, wherever that stands") {
    const Licences licences = sbom::read_copyright(
        kHead + std::string("\nFiles: *\nCopyright: us\nLicense: mine\n"
                            "\nLicense: mine\n Do what you like.\n .\n But tell us.\n"));
    REQUIRE(licences.texts.size() == 1);
    CHECK(licences.expression == licences.texts.front().id);
    CHECK(licences.texts.front().name == "mine");
    CHECK(licences.texts.front().text == "Do what you like.\n\nBut tell us.\n");
}

TEST_CASE("equal names with different texts are different licences") {
    CHECK(sbom::refer_to("mine", "a").id != sbom::refer_to("mine", "b").id);
    CHECK(sbom::refer_to("mine", "a") == sbom::refer_to("mine", "a"));
}

TEST_CASE("a file in prose is one text") {
    const std::string prose = "This is free software.\n\n\tSee the GPL.\n";
    const Licences licences = sbom::read_copyright(prose);
    REQUIRE(licences.texts.size() == 1);
    CHECK(licences.expression == licences.texts.front().id);
    CHECK(licences.texts.front().text == prose);
    CHECK(sbom::read_copyright("").expression.empty());
}

} // namespace pare::test
