// SPDX-License-Identifier: Apache-2.0
#include "deb/control.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

namespace pare::deb {

using package::Alternatives;
using package::Operator;

namespace {

std::vector<Alternatives> parse(std::string_view text) {
    return parse_relations(text, "amd64", "Depends of x");
}

} // namespace

TEST_CASE("relations keep their alternatives in order") {
    const auto groups = parse("libc6 (>= 2.38), a:any | b (<< 1:2.0~rc1-3),\n  c");
    REQUIRE(groups.size() == 3);
    CHECK(
        groups[0] ==
        Alternatives{{.name = "libc6", .op = Operator::greater_equal, .version = "2.38"}});
    CHECK(
        groups[1] == Alternatives{
                         {.name = "a", .qualifier = "any"},
                         {.name = "b", .op = Operator::less, .version = "1:2.0~rc1-3"}});
    CHECK(groups[2] == Alternatives{{.name = "c"}});
}

TEST_CASE("every operator is read, and the obsolete two as what they meant") {
    const auto op = [](std::string_view text) { return parse(text).at(0).at(0).op; };
    CHECK(op("a (<< 1)") == Operator::less);
    CHECK(op("a (<= 1)") == Operator::less_equal);
    CHECK(op("a (= 1)") == Operator::equal);
    CHECK(op("a (>= 1)") == Operator::greater_equal);
    CHECK(op("a (>> 1)") == Operator::greater);
    CHECK(op("a (< 1)") == Operator::less_equal);
    CHECK(op("a (> 1)") == Operator::greater_equal);
    CHECK(op("a") == Operator::any);
}

TEST_CASE("white space may be anywhere between the words, or nowhere") {
    CHECK(parse("a(>=1)|b,c") == parse(" a  ( >=  1 ) |\n\tb ,c "));
    CHECK(parse("  \n ").empty());
    CHECK(parse("").empty());
}

TEST_CASE("qualifiers are kept as they are") {
    CHECK(parse("a:any")[0][0].qualifier == "any");
    CHECK(parse("a:native (= 1)")[0][0].qualifier == "native");
    CHECK(parse("a:kfreebsd-amd64")[0][0].qualifier == "kfreebsd-amd64");
}

TEST_CASE("relations for other architectures are left out") {
    CHECK(parse("a [amd64], b [i386], c [!amd64], d [!i386 !arm64]") == parse("a, d"));
    CHECK(parse("a [linux-any], b [any-amd64], c [any], d [kfreebsd-any]") == parse("a, b, c"));
    CHECK(parse("a [i386] | b, c (>= 1) [arm64]") == parse("b"));
    CHECK(parse_relations("a [any-arm]", "armhf", "x").size() == 1);
}

TEST_CASE("what is no relation is refused") {
    for (const char* bad :
         {"a,",
          ",a",
          "a,,b",
          "a |",
          "| a",
          "a b",
          "a (1)",
          "a (== 1)",
          "a (>=)",
          "a (>= 1",
          "a (>= 1 2)",
          "a:",
          "a: any",
          "a <!nocheck>",
          "a [amd64",
          "a []",
          "a [amd64 !i386]",
          "-a",
          "+a",
          "a/b",
          "a (>= 1/2)",
          "a (!= 1)",
          "${misc:Depends}",
          "a (>= 1)(<< 2)"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS((void)parse(bad), Error);
    }
}

TEST_CASE("a refusal says whose field it is and where it stopped") {
    const Error error = test::error_of([] { return parse("good, a (~ 1)"); });
    CHECK(error.kind() == ErrorKind::refused);
    CHECK(error.message() == "Depends of x: expected one of <<, <=, =, >=, >>, got `~ 1)`");
}

TEST_CASE("countless relations are refused") {
    std::string text = "a";
    for (int i = 0; i < 20'000; ++i) {
        text += ",a";
    }
    CHECK_THROWS_AS((void)parse(text), Error);
    CHECK(parse(text.substr(2)).size() == 20'000);
}

} // namespace pare::deb
