// SPDX-License-Identifier: Apache-2.0
#include "deb/control.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

namespace pare::deb {

namespace {

Error refusal(std::string_view text) {
    Error error = test::error_of([&] { return parse_control(text, "file"); });
    CHECK(error.kind() == ErrorKind::refused);
    return error;
}

} // namespace

TEST_CASE("fields are found whatever their case") {
    const auto paragraphs = parse_control("Package: a\nMULTI-arch:  same \n", "file");
    REQUIRE(paragraphs.size() == 1);
    CHECK(paragraphs[0].value("package") == "a");
    CHECK(paragraphs[0].value("Multi-Arch") == "same");
    CHECK(paragraphs[0].has("multi-ARCH"));
    CHECK_FALSE(paragraphs[0].has("Version"));
    CHECK(paragraphs[0].value("Version").empty());
}

TEST_CASE("paragraphs are separated by lines of white space and know where they begin") {
    const auto paragraphs = parse_control("\n\nA: 1\n \t\n\r\n\nB: 2\nC:\n", "file");
    REQUIRE(paragraphs.size() == 2);
    CHECK(paragraphs[0].line == 3);
    CHECK(paragraphs[1].line == 7);
    CHECK(paragraphs[1].has("C"));
    CHECK(paragraphs[1].value("C").empty());
}

TEST_CASE("continuation lines stand in the value as they are") {
    const auto paragraphs = parse_control("Description: short\n long\n .\n\tmore\nNext: x", "file");
    REQUIRE(paragraphs.size() == 1);
    CHECK(paragraphs[0].value("Description") == "short\n long\n .\n\tmore");
    CHECK(paragraphs[0].value("Next") == "x");
}

TEST_CASE("carriage returns at line ends are white space") {
    const auto paragraphs = parse_control("A: 1\r\nB: 2\r\n\r\nC: 3\r\n", "file");
    REQUIRE(paragraphs.size() == 2);
    CHECK(paragraphs[0].value("A") == "1");
    CHECK(paragraphs[1].value("C") == "3");
}

TEST_CASE("comments are skipped, inside a value too") {
    const auto paragraphs = parse_control(
        "# first\nURIs: http://a/\n# http://b/\n http://c/\n http://d/\n# end\nTypes: deb\n#\n",
        "file");
    REQUIRE(paragraphs.size() == 1);
    CHECK(paragraphs[0].value("URIs") == "http://a/\n http://c/\n http://d/");
    CHECK(paragraphs[0].value("Types") == "deb");
    const auto copy = paragraphs;
    CHECK(copy[0].value("URIs") == "http://a/\n http://c/\n http://d/");
}

TEST_CASE("an empty text has no paragraphs") {
    CHECK(parse_control("", "file").empty());
    CHECK(parse_control("\n# nothing\n\n", "file").empty());
}

TEST_CASE("what is no control file is refused with its line") {
    CHECK(refusal("A: 1\nno field\n").where() == Where{"file", 2, 1});
    CHECK(refusal("A: 1\n\n continued\n").where() == Where{"file", 3, 1});
    CHECK(refusal("A: 1\nB: 2\na: 3\n").where() == Where{"file", 3, 1});
    CHECK(refusal(std::string("A: 1\nB: \0\n", 10)).where() == Where{"file", 2, 1});
    CHECK(refusal(": 1\n").where().line == 1);
    CHECK(refusal("-A: 1\n").where().line == 1);
    CHECK(refusal("A B: 1\n").where().line == 1);
}

TEST_CASE("a paragraph of countless fields is refused") {
    std::string text;
    for (int i = 0; i < 300; ++i) {
        text += "X-" + std::to_string(i) + ": 1\n";
    }
    CHECK(refusal(text).where().line == 257);
}

} // namespace pare::deb
