// SPDX-License-Identifier: Apache-2.0
// Each rule has a page in docs/rules/ that says what the table says. The two examples of the page
// are what the rule finds and what it lets pass.
#include "audit/lint.hh"
#include "audit/rules.hh"
#include "dockerfile/parse.hh"
#include "support/expect.hh"
#include "support/files.hh"
#include "support/text.hh"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

using namespace pare;
using namespace pare::audit;
using pare::test::contains;
using pare::test::Names;
namespace fs = std::filesystem;

namespace {

fs::path pages() {
    const char* source = std::getenv("PARE_SOURCE");
    REQUIRE_MESSAGE(source != nullptr, "PARE_SOURCE is not set");
    return fs::path(source) / "docs" / "rules";
}

/// On one line, with single spaces.
std::string unwrapped(std::string_view text) {
    Names words;
    for (const std::string_view word : split_words(text)) {
        words.emplace_back(word);
    }
    return join(words, " ");
}

/// The text between ```dockerfile and ``` behind `heading`.
std::string example(const std::string& page, std::string_view heading) {
    constexpr std::string_view kBegin = "```dockerfile\n";
    const std::size_t at = page.find(heading);
    REQUIRE(at != std::string::npos);
    const std::size_t begin = page.find(kBegin, at) + kBegin.size();
    return page.substr(begin, page.find("```", begin) - begin);
}

bool finds(const std::string& text, std::string_view id) {
    const auto document = dockerfile::parse(text, "Dockerfile");
    const auto findings = lint_dockerfile(document);
    return std::any_of(findings.begin(), findings.end(), [id](const Finding& finding) {
        return finding.rule->id == id;
    });
}

} // namespace

TEST_CASE("every rule has a page that says the same") {
    for (const Rule& rule : rules()) {
        INFO(std::string(rule.id));
        const std::string page = read_file(pages() / (std::string(rule.id) + ".md"));
        CHECK(page.starts_with("# " + std::string(rule.id) + "\n"));
        CHECK(contains(page, "Severity: " + std::string(severity_name(rule.severity)) + ".\n"));
        const std::string text = unwrapped(page);
        CHECK(contains(text, unwrapped(rule.what)));
        CHECK(contains(text, unwrapped(rule.why)));
        CHECK(contains(text, unwrapped(rule.mend)));
    }
}

TEST_CASE("every page belongs to a rule") {
    for (const auto& entry : fs::directory_iterator(pages())) {
        INFO(entry.path().string());
        CHECK(find_rule(entry.path().stem().string()) != nullptr);
    }
}

TEST_CASE("every rule finds its bad example and lets its good one pass") {
    for (const Rule& rule : rules()) {
        INFO(std::string(rule.id));
        const std::string page = read_file(pages() / (std::string(rule.id) + ".md"));
        CHECK(finds(example(page, "Found:"), rule.id));
        CHECK_FALSE(finds(example(page, "Good:"), rule.id));
    }
}

TEST_CASE("rules are in order, each once, and say something") {
    std::string last;
    for (const Rule& rule : rules()) {
        INFO(std::string(rule.id));
        CHECK(last < rule.id);
        last = rule.id;
        CHECK(rule.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos);
        CHECK_FALSE(rule.what.empty());
        CHECK_FALSE(rule.why.empty());
        CHECK_FALSE(rule.mend.empty());
    }
    CHECK(find_rule("no-such-rule") == nullptr);
}
