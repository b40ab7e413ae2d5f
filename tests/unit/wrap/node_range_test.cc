// SPDX-License-Identifier: Apache-2.0
// Ranges of versions as npm has them. The verdicts are those of node-semver 7.8.6
// (semver.satisfies), of which this table was made.
#include "wrap/node_range.hh"

#include <doctest/doctest.h>

#include <array>

namespace pare::test {

namespace {

using wrap::parse_node_range;
using wrap::parse_node_version;
using wrap::parse_node_version_file;

constexpr std::array kVersions = {"0.0.3",  "0.2.0",   "1.2.3",   "1.3.0",  "18.20.4",
                                  "20.9.0", "20.19.2", "22.23.3", "24.21.0"};

/// Of each version above whether the range has it: `1` or `.`; empty for what is no range.
struct Verdict {
    const char* range;
    const char* allowed;
};

constexpr std::array kVerdicts = std::to_array<Verdict>({
    {"", "111111111"},
    {"*", "111111111"},
    {"x", "111111111"},
    {">=18", "....11111"},
    {">= 18", "....11111"},
    {">=18.0.0", "....11111"},
    {">18", ".....1111"},
    {">18.20", ".....1111"},
    {">18.20.4", ".....1111"},
    {">=18.20.5", ".....1111"},
    {"<20", "11111...."},
    {"<20.0.0", "11111...."},
    {"<=20", "1111111.."},
    {"<=20.9", "111111..."},
    {"<=20.9.0", "111111..."},
    {"<22.23.3", "1111111.."},
    {"=20.9.0", ".....1..."},
    {"20.9.0", ".....1..."},
    {"v20.9.0", ".....1..."},
    {"=v20.9.0", ".....1..."},
    {"20", ".....11.."},
    {"20.x", ".....11.."},
    {"20.x.x", ".....11.."},
    {"20.19.x", "......1.."},
    {"20.*", ".....11.."},
    {"^20", ".....11.."},
    {"^20.9", ".....11.."},
    {"^20.9.0", ".....11.."},
    {"^20.19.0 || >=22.12.0", "......111"},
    {"^18 || ^20 || >=22", "....11111"},
    {"18 || 20", "....111.."},
    {">=18 <21", "....111.."},
    {">=18.0.0 <21.0.0", "....111.."},
    {">= 18 < 21", "....111.."},
    {">=18 <=20", "....111.."},
    {"18 - 20", "....111.."},
    {"18.0.0 - 20.9.0", "....11..."},
    {"18.20.4 - 20.9", "....11..."},
    {"1.2.3 - 1.3", "..11....."},
    {"~20", ".....11.."},
    {"~20.19", "......1.."},
    {"~20.19.0", "......1.."},
    {"~20.9.1", "........."},
    {"~>20", ".....11.."},
    {"~> 20.9", ".....1..."},
    {"~ 20", ".....11.."},
    {"^ 20", ".....11.."},
    {"^0.0.3", "1........"},
    {"^0.0", "1........"},
    {"^0", "11......."},
    {"^0.2", ".1......."},
    {"^0.2.0", ".1......."},
    {"^0.1", "........."},
    {"~0.0", "1........"},
    {"~1.2.3", "..1......"},
    {"^1.2.3", "..11....."},
    {"^1.2.4", "...1....."},
    {"1.2.x", "..1......"},
    {"1.x", "..11....."},
    {"X", "111111111"},
    {">=x", "111111111"},
    {"<x", "........."},
    {">x", "........."},
    {">*", "........."},
    {"<=*", "111111111"},
    {"^x", "111111111"},
    {"~x", "111111111"},
    {"^1.x.7", "..11....."},
    {">=20.0.0-rc.1", ".....1111"},
    {">20.9.0-rc.1", ".....1111"},
    {"<20.9.0-0", "11111...."},
    {"<=20.9.0-rc.1", "11111...."},
    {"20.9.0-rc.1", "........."},
    {"^20.9.0-beta", ".....11.."},
    {"~20.9.0-beta.2", ".....1..."},
    {"20.9.0+build.7", ".....1..."},
    {">=18 || <1", "11..11111"},
    {"|| 20", "111111111"},
    {"20 ||", "111111111"},
    {">=v18", "....11111"},
    {"  >=18  ", "....11111"},
    {">=18\t<21", "....111.."},
    {">=14.17 <15 || >=16.13 <17 || >=18", "....11111"},
    {"16 || 18 || 20 || 22", "....1111."},
    {"^12.22.0 || ^14.17.0 || >=16.0.0", "....11111"},
    {">=0.10.0", "..1111111"},
    {"20.9.0 22", "........."},
    {">=20 >=22 <24", ".......1."},
    {"lts/*", ""},
    {"latest", ""},
    {"node", ""},
    {">=", ""},
    {">", ""},
    {"^", ""},
    {"~", ""},
    {"20.", ""},
    {"20.9.", ""},
    {".5", ""},
    {"020", ""},
    {"20.09.0", ""},
    {">=18 && <21", ""},
    {">=18, <21", ""},
    {"20|22", ""},
    {"20.9.0.1", ""},
    {"20.9-beta", ""},
    {"20.9.0-", ""},
    {"20.9.0-01", ""},
    {"20.9.0-a..b", ""},
    {"20.9.0+", ""},
    {"^>20", ""},
    {"~<20", ""},
    {">=18<21", ""},
    {"18-20", ""},
    {"18 -20", ""},
    {"1.x.3", ""},
    {"99999999999999999999", ""},
    {"9007199254740992", ""},
    {"a", ""},
    {"- 20", ""},
    {"18 - ", ""},
});

std::string allowed_by(const std::optional<wrap::NodeRange>& range) {
    std::string allowed;
    for (const char* version : kVersions) {
        if (range) {
            allowed += range->allows(*parse_node_version(version)) ? '1' : '.';
        }
    }
    return allowed;
}

} // namespace

TEST_CASE("ranges allow what node-semver says") {
    for (const Verdict& verdict : kVerdicts) {
        CAPTURE(verdict.range);
        CHECK(allowed_by(parse_node_range(verdict.range)) == verdict.allowed);
    }
}

TEST_CASE("a version has three numbers") {
    CHECK(parse_node_version("20.19.2") == wrap::NodeVersion{20, 19, 2});
    CHECK(parse_node_version("v22.23.3\n") == wrap::NodeVersion{22, 23, 3});
    CHECK(parse_node_version("20.19.2+dfsg-1") == wrap::NodeVersion{20, 19, 2});
    CHECK_FALSE(parse_node_version("20.19"));
    CHECK_FALSE(parse_node_version("20.19.x"));
    CHECK_FALSE(parse_node_version("23.0.0-rc.1"));
    CHECK_FALSE(parse_node_version(""));
}

TEST_CASE("of the version that developers use only the major number counts") {
    const auto allowed = [](const char* text) { return allowed_by(parse_node_version_file(text)); };
    CHECK(allowed("v20.11.1\n") == ".....11..");
    CHECK(allowed("20") == ".....11..");
    CHECK(allowed("22.x") == ".......1.");
    CHECK(allowed("lts/iron") == ".....11..");
    CHECK(allowed("lts/hydrogen  # until next year") == "....1....");
    CHECK(allowed("lts/*") == "111111111");
    CHECK(allowed("node") == "111111111");
    CHECK(allowed("") == "");
    CHECK(allowed("lts/unheard-of") == "");
    CHECK(allowed("system") == "");
}

} // namespace pare::test
