// SPDX-License-Identifier: Apache-2.0
// The parser cases that BuildKit publishes, where they are at hand (PARE_FIXTURES).
#include "dockerfile/expand.hh"
#include "dockerfile/instruction.hh"
#include "dockerfile/line.hh"
#include "dockerfile/parse.hh"
#include "support/expect.hh"
#include "support/files.hh"
#include "support/run_command.hh"
#include "support/text.hh"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <filesystem>

using namespace pare;
using namespace pare::dockerfile;
using pare::test::find_fixture;
using pare::test::Names;
using pare::test::thrown_by;
namespace fs = std::filesystem;

namespace {

/// As Go's strconv.Quote, for the characters that the cases have.
std::string quote(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        constexpr std::string_view kPlain = "\"\\\b\f\n\r\t";
        constexpr std::string_view kNames = "\"\\bfnrt";
        if (const std::size_t index = kPlain.find(c); index != std::string_view::npos) {
            quoted += '\\';
            quoted += kNames[index];
        } else if (static_cast<unsigned char>(c) < 0x20U) {
            quoted += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
        } else {
            quoted += c;
        }
    }
    return quoted + '"';
}

std::string dump(const Instruction& instruction) {
    std::string text = instruction.keyword;
    if (!instruction.flags.empty()) {
        Names flags;
        for (const Word& flag : instruction.flags) {
            flags.push_back(quote(flag.text));
        }
        text += " [" + join(flags, " ") + "]";
    }
    for (const Instruction& trigger : instruction.trigger) {
        text += " (" + dump(trigger) + ")";
    }
    for (const Word& word : instruction.words) {
        text += " " + quote(word.text);
    }
    return text;
}

/// `(run "a" "b")`, one line an instruction: the form in which the cases state what is meant.
std::string dump(const Document& document) {
    std::string text;
    for (const Instruction& instruction : document.instructions) {
        text += "(" + dump(instruction) + ")\n";
    }
    return text;
}

/// The folder, or empty after saying that the test is skipped.
fs::path cases(const std::string& name) {
    const fs::path folder = find_fixture("dockerfile-parser/" + name);
    if (folder.empty()) {
        MESSAGE("skipped: dockerfile-parser/" << name << " is not there");
    }
    return folder;
}

} // namespace

TEST_CASE("every public case is parsed as it says") {
    const fs::path folder = cases("parser/testfiles");
    if (folder.empty()) {
        return;
    }
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        INFO(entry.path().filename().string());
        const std::string text = read_file(entry.path() / "Dockerfile");
        const std::string wanted = read_file(entry.path() / "result");
        CHECK(trim(dump(parse(text, "Dockerfile"))) == trim(wanted));
        ++count;
    }
    CHECK(count == 33);
}

TEST_CASE("what must not parse is refused with a place and a hint") {
    const fs::path folder = cases("parser/testfiles-negative");
    if (folder.empty()) {
        return;
    }
    for (const auto& entry : fs::directory_iterator(folder)) {
        INFO(entry.path().filename().string());
        const std::string text = read_file(entry.path() / "Dockerfile");
        const auto error = thrown_by([&] { return parse(text, "Dockerfile"); });
        REQUIRE(error);
        CHECK(error->kind() == ErrorKind::definition);
        CHECK(error->where().file == "Dockerfile");
        CHECK_FALSE(error->hint().empty());
    }
}

TEST_CASE("instructions know their lines") {
    const fs::path folder = cases("parser/testfile-line");
    if (folder.empty()) {
        return;
    }
    const Document document = parse(read_file(folder / "Dockerfile"), "Dockerfile");
    std::vector<std::pair<std::size_t, std::size_t>> lines;
    for (const Instruction& instruction : document.instructions) {
        lines.emplace_back(instruction.range.begin.line, instruction.range.end.line);
    }
    CHECK(lines == std::vector<std::pair<std::size_t, std::size_t>>{{5, 5}, {11, 12}, {17, 31}});
}

TEST_CASE("every public row of variable expansion holds") {
    const fs::path file = cases("shell/envVarTest");
    if (file.empty()) {
        return;
    }
    const Variables variables = {
        {"PWD", "/home"}, {"SHELL", "bash"}, {"KOREAN", "한국어"}, {"NULL", ""}};
    const std::string text = read_file(file);
    std::size_t count = 0;
    for (const std::string_view line : split(text, '\n')) {
        const auto cells = split(line, '|');
        const bool here = cells.size() == 3 && (trim(cells[0]) == "A" || trim(cells[0]) == "U");
        if (line.starts_with('#') || !here) {
            continue;
        }
        INFO(std::string(line));
        ++count;
        const std::string_view wanted = trim(cells[2]);
        std::string got = "error";
        static_cast<void>(thrown_by([&] { return got = expand(trim(cells[1]), variables).text; }));
        CHECK(got == wanted);
    }
    CHECK(count == 228);
}

TEST_CASE("every public row of word splitting holds") {
    const fs::path file = cases("shell/wordsTest");
    if (file.empty()) {
        return;
    }
    Variables variables;
    const std::string text = read_file(file);
    std::size_t count = 0;
    for (const std::string_view line : split(text, '\n')) {
        if (line.starts_with('#') || line.empty()) {
            continue;
        }
        if (line.starts_with("ENV ")) {
            const std::string_view pair = line.substr(4);
            const std::size_t equals = pair.find('=');
            variables[std::string(pair.substr(0, equals))] = pair.substr(equals + 1);
            continue;
        }
        INFO(std::string(line));
        ++count;
        const auto cells = split(line, '|');
        REQUIRE(cells.size() == 2);
        Names wanted;
        const std::string_view right = cells[1].substr(cells[1].find_first_not_of(' '));
        for (const std::string_view word : split(right, ',')) {
            wanted.emplace_back(word);
        }
        Names got = {"error"};
        static_cast<void>(thrown_by([&] { return got = expand(trim(cells[0]), variables).words; }));
        CHECK(got == wanted);
    }
    CHECK(count == 24);
}
