// SPDX-License-Identifier: Apache-2.0
#include "deb/version.hh"
#include "support/files.hh"
#include "support/run_command.hh"
#include "support/text.hh"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

namespace pare::deb {

namespace {

using Pair = std::pair<std::string, std::string>;

int sign(int value) {
    return (value > 0) - (value < 0);
}

/// dpkg's answers, -1, 0 or 1, from one shell.
std::vector<int> ask_dpkg(const std::vector<Pair>& pairs) {
    const TemporaryDirectory directory;
    std::string text;
    for (const auto& [left, right] : pairs) {
        text += left + " " + right + "\n";
    }
    write_file(directory.path() / "pairs", text);
    const auto result = test::run_command(
        {"sh", "-c",
         "while read -r a b; do"
         " if dpkg --compare-versions \"$a\" lt \"$b\"; then echo lt;"
         " elif dpkg --compare-versions \"$a\" eq \"$b\"; then echo eq; else echo gt; fi;"
         " done < \"$0\"",
         (directory.path() / "pairs").string()});
    std::vector<int> answers;
    for (const std::string_view word : split_words(result.output)) {
        answers.push_back(word == "lt" ? -1 : word == "eq" ? 0 : 1);
    }
    return answers;
}

void check_against_dpkg(const std::vector<Pair>& pairs) {
    const std::vector<int> answers = ask_dpkg(pairs);
    REQUIRE(answers.size() == pairs.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        CAPTURE(pairs[i].first);
        CAPTURE(pairs[i].second);
        CHECK(sign(compare_versions(pairs[i].first, pairs[i].second)) == answers[i]);
        CHECK(sign(compare_versions(pairs[i].second, pairs[i].first)) == -answers[i]);
    }
}

class VersionMaker {
public:
    std::string make() {
        std::string version = pick(4) == 0 ? std::to_string(pick(3)) + ":" : "";
        version += static_cast<char>('0' + pick(3));
        version += piece("01290aAz.+~-", 7);
        const std::string revision = piece("0129aZ.+~", 4);
        return pick(2) == 0 || revision.empty() ? version + "0" : version + "-" + revision;
    }

    /// The same version with one byte put in, left out or changed.
    std::string change(const std::string& original) {
        std::string version = original;
        const std::size_t at = version.size() - 1 - pick(std::min<std::size_t>(version.size(), 3));
        switch (pick(3)) {
        case 0:
            version.insert(at + 1, 1, "0~+a"[pick(4)]);
            break;
        case 1:
            version.erase(at, 1);
            break;
        default:
            version[at] = "0~+a1"[pick(5)];
        }
        return is_version(version) ? version : original + "1";
    }

    std::size_t pick(std::size_t count) { return random_() % count; }

private:
    std::string piece(std::string_view alphabet, std::size_t longest) {
        std::string text;
        for (std::size_t left = pick(longest + 1); left > 0; --left) {
            text += alphabet[pick(alphabet.size())];
        }
        return text;
    }

    std::mt19937 random_{20261121};
};

} // namespace

TEST_CASE("epochs count before all else, as numbers") {
    CHECK(compare_versions("1:1", "2") > 0);
    CHECK(compare_versions("0:1", "1") == 0);
    CHECK(compare_versions("10:1", "9:2") > 0);
    CHECK(compare_versions("007:1", "7:1") == 0);
}

TEST_CASE("a tilde stands before the end, letters before other characters") {
    CHECK(compare_versions("1.0~rc1", "1.0") < 0);
    CHECK(compare_versions("1.0~~", "1.0~") < 0);
    CHECK(compare_versions("1.0a", "1.0+") < 0);
    CHECK(compare_versions("1.0", "1.0a") < 0);
    CHECK(compare_versions("1.0~rc1-1", "1.0-1") < 0);
}

TEST_CASE("numbers in versions have any length and leading zeros do not count") {
    CHECK(compare_versions("1.10", "1.9") > 0);
    CHECK(compare_versions("1.010", "1.10") == 0);
    CHECK(compare_versions("1.99999999999999999999999", "1.100000000000000000000000") < 0);
}

TEST_CASE("an absent revision equals 0") {
    CHECK(compare_versions("1.0", "1.0-0") == 0);
    CHECK(compare_versions("1.0-1", "1.0") > 0);
    CHECK(compare_versions("1.0-~", "1.0") < 0);
    CHECK(compare_versions("1-2-3", "1-2-4") < 0);
}

TEST_CASE("texts that are no versions are ordered all the same") {
    for (const char* text : {"", ":", "-", "a:b", "\xff", "1:", "~"}) {
        CHECK(compare_versions(text, text) == 0);
        CHECK(sign(compare_versions(text, "1")) == -sign(compare_versions("1", text)));
    }
}

TEST_CASE("is_version takes what policy allows") {
    for (const char* good : {"1", "0:1", "1-1", "1~", "1:2:3", "1.-a-b", "2147483647:1", "01:1"}) {
        CAPTURE(good);
        CHECK(is_version(good));
    }
    for (const char* bad :
         {"", "abc", "1:", ":1", "a:1", "1-", "-1", "1-a_b", "1_2", "2147483648:1", "1:a", "1 2"}) {
        CAPTURE(bad);
        CHECK_FALSE(is_version(bad));
    }
}

TEST_CASE("version_matches knows the operators of policy") {
    using package::Operator;
    CHECK(version_matches("1", Operator::any, "9"));
    CHECK(version_matches("1.0", Operator::equal, "1.0-0"));
    CHECK_FALSE(version_matches("1.0", Operator::equal, "1.1"));
    CHECK(version_matches("1", Operator::less, "2"));
    CHECK_FALSE(version_matches("2", Operator::less, "2"));
    CHECK(version_matches("2", Operator::less_equal, "2"));
    CHECK_FALSE(version_matches("3", Operator::less_equal, "2"));
    CHECK(version_matches("2", Operator::greater_equal, "2"));
    CHECK_FALSE(version_matches("1", Operator::greater_equal, "2"));
    CHECK(version_matches("3", Operator::greater, "2"));
    CHECK_FALSE(version_matches("2", Operator::greater, "2"));
}

TEST_CASE("random versions compare as dpkg compares them") {
    if (!test::has_program("dpkg")) {
        MESSAGE("skipped: no dpkg");
        return;
    }
    VersionMaker maker;
    std::vector<Pair> pairs;
    for (int i = 0; i < 250; ++i) {
        std::string left = maker.make();
        std::string right = i % 2 == 0 ? maker.make() : maker.change(left);
        REQUIRE(is_version(left));
        REQUIRE(is_version(right));
        pairs.emplace_back(std::move(left), std::move(right));
    }
    check_against_dpkg(pairs);
}

TEST_CASE("the versions of this host compare as dpkg compares them") {
    const std::filesystem::path status = "/var/lib/dpkg/status";
    if (!test::has_program("dpkg") || !std::filesystem::exists(status)) {
        MESSAGE("skipped: no dpkg");
        return;
    }
    const std::string text = read_file(status);
    std::vector<std::string> versions;
    for (const std::string_view line : split(text, '\n')) {
        if (line.starts_with("Version: ")) {
            versions.emplace_back(line.substr(9));
            CHECK(is_version(versions.back()));
        }
    }
    std::ranges::sort(versions, [](const std::string& left, const std::string& right) {
        return compare_versions(left, right) < 0;
    });
    // Neighbours in our order are where a wrong comparison shows.
    const std::size_t step = versions.size() / 200 + 1;
    std::vector<Pair> pairs;
    for (std::size_t i = 1; i < versions.size(); i += step) {
        pairs.emplace_back(versions[i - 1], versions[i]);
    }
    check_against_dpkg(pairs);
}

} // namespace pare::deb
