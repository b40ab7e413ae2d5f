// SPDX-License-Identifier: Apache-2.0
// The modules of Go programs.
#include "elf/go_build_info.hh"
#include "support/expect.hh"

namespace pare::test {

namespace {

using elf::find_go_build_info;

const std::string kMark(16, '\x30');
const std::string kModules = "path\texample.org/x\nmod\texample.org/x\tv1.0.0\th1:a=\n";

/// The length of a short text, and the text.
std::string counted(const std::string& text) {
    std::string bytes;
    std::size_t size = text.size();
    for (; size >= 0x80; size >>= 7) {
        bytes += static_cast<char>((size & 0x7f) | 0x80);
    }
    return bytes + static_cast<char>(size) + text;
}

std::string header(char flags) {
    std::string bytes = "\xff Go buildinf:";
    bytes += '\x08';
    bytes += flags;
    bytes.resize(32, '\0');
    return bytes;
}

/// A file with build info behind that many bytes.
std::string program(std::size_t before) {
    return std::string(before, 'x') + header(2) + counted("go1.22.1") +
           counted(kMark + kModules + kMark) + "rest";
}

} // namespace

TEST_CASE("version and modules of a Go program") {
    const auto info = find_go_build_info(program(4096));
    REQUIRE(info);
    CHECK(info->version == "go1.22.1");
    CHECK(info->modules == kModules);
}

TEST_CASE("a program made without modules has a version") {
    const auto info = find_go_build_info(header(2) + counted("go1.19") + counted(""));
    REQUIRE(info);
    CHECK(info->version == "go1.19");
    CHECK(info->modules.empty());
}

TEST_CASE("what only looks like it is passed over") {
    CHECK(!find_go_build_info(""));
    CHECK(!find_go_build_info(program(4097)));
    CHECK(!find_go_build_info(header(0) + counted("go1.17") + counted("")));
    CHECK(!find_go_build_info(header(2) + counted("rust") + counted("")));
    CHECK(find_go_build_info(header(2) + std::string(32, '\0') + program(0)));
    const std::string whole = program(0);
    const std::size_t end = whole.find("rest");
    for (std::size_t size = 0; size < end; ++size) {
        CHECK(!find_go_build_info(whole.substr(0, size)));
    }
}

} // namespace pare::test
