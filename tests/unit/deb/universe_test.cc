// SPDX-License-Identifier: Apache-2.0
#include "deb/universe.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

namespace pare::deb {

using package::CandidateId;
using package::Operator;
using package::Universe;

namespace {

constexpr std::string_view kSha256 =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// A paragraph with all that is needed; `more` is further fields, each ending in a newline.
std::string
stanza(const std::string& name, const std::string& version, const std::string& more = "") {
    const std::string architecture =
        more.find("Architecture:") == std::string::npos ? "Architecture: amd64\n" : "";
    return "Package: " + name + "\nVersion: " + version + "\n" + architecture + more +
           "Filename: pool/" + name + ".deb\nSize: 1000\nSHA256: " + std::string(kSha256) + "\n\n";
}

PackagesIndex index(std::string_view text, const std::string& suite = "trixie") {
    return {.text = text, .base_url = "http://deb.example/debian/", .suite = suite, .name = suite};
}

std::unique_ptr<Universe> universe(std::string_view text) {
    return make_universe({index(text)}, "amd64");
}

std::vector<std::string> versions(const Universe& all, std::string_view name) {
    std::vector<std::string> found;
    for (const CandidateId id : all.named(name)) {
        const auto& package = all.candidate(id);
        found.push_back(package.version + " " + package.suite);
    }
    return found;
}

std::vector<std::string> providers(const Universe& all, std::string_view name) {
    std::vector<std::string> found;
    for (const CandidateId id : all.providers(name)) {
        found.push_back(all.candidate(id).name);
    }
    return found;
}

Where refused_at(const std::string& text) {
    const auto error = test::thrown_by([&] {
        const auto all = universe(text);
        for (std::uint32_t i = 0; i < all->size(); ++i) {
            (void)all->candidate(CandidateId{i});
        }
    });
    if (!error) {
        return {};
    }
    CHECK(error->kind() == ErrorKind::refused);
    CHECK_FALSE(error->hint().empty());
    return error->where();
}

/// Refused when it is asked for, not before.
bool is_refused_late(const std::string& text) {
    const auto all = universe(text);
    REQUIRE(all->size() == 1);
    const auto error = test::thrown_by([&] { return all->candidate(CandidateId{0}); });
    return error && error->kind() == ErrorKind::refused && error->where() == Where{"trixie", 1, 1};
}

} // namespace

TEST_CASE("a candidate has the fields of its paragraph") {
    const std::string text =
        "\n\nPackage: libssl3t64\nSource: openssl (3.5.6-1~deb13u2)\nVersion: "
        "3.5.6-1~deb13u2+b1\nInstalled-Size: 6000\nArchitecture: amd64\nMulti-Arch: same\n"
        "Essential: yes\nPriority: optional\nPre-Depends: dpkg (>= 1)\nDepends: libc6 (>= 2.38),\n"
        " libzstd1 | libzstd2\nProvides: libssl3 (= 3.5.6-1~deb13u2)\nBreaks: a (<< 1)\n"
        "Conflicts: b\nReplaces: c (<< 2)\nDescription: x\n long\n"
        "Filename: ./pool/main/o/openssl/libssl3t64_3.5.6-1~deb13u2+b1_amd64.deb\nSize: 2400000\n"
        "MD5sum: x\nSHA256: " +
        std::string(kSha256) + "\n";
    const auto all = universe(text);
    REQUIRE(all->size() == 1);
    const package::Package& package = all->candidate(CandidateId{0});
    CHECK(package.name == "libssl3t64");
    CHECK(package.version == "3.5.6-1~deb13u2+b1");
    CHECK(package.architecture == "amd64");
    CHECK(package.source == "openssl");
    CHECK(package.source_version == "3.5.6-1~deb13u2");
    CHECK(
        package.url == "http://deb.example/debian/pool/main/o/openssl/"
                       "libssl3t64_3.5.6-1~deb13u2+b1_amd64.deb");
    CHECK(package.sha256 == kSha256);
    CHECK(package.size == 2400000);
    CHECK(package.installed_size == 6000 * 1024);
    CHECK(package.suite == "trixie");
    CHECK(package.priority == "optional");
    CHECK(package.essential);
    CHECK(package.pre_depends.size() == 1);
    REQUIRE(package.depends.size() == 2);
    CHECK(package.depends[1].size() == 2);
    REQUIRE(package.provides.size() == 1);
    CHECK(package.provides[0].op == Operator::equal);
    CHECK(package.breaks.at(0).name == "a");
    CHECK(package.conflicts.at(0).name == "b");
    CHECK(package.replaces.at(0).version == "2");
    CHECK(&package == &all->candidate(CandidateId{0}));
}

TEST_CASE("source and its version default to the package's own") {
    const std::string text = stanza("a", "1") + stanza("b", "2", "Source: bb\n");
    const auto all = universe(text);
    CHECK(all->candidate(CandidateId{0}).source == "a");
    CHECK(all->candidate(CandidateId{0}).source_version == "1");
    CHECK(all->candidate(CandidateId{1}).source == "bb");
    CHECK(all->candidate(CandidateId{1}).source_version == "2");
}

TEST_CASE("named gives the highest version first, and of equal ones the earlier index") {
    const std::string main = stanza("a", "1.9") + stanza("b", "1") + stanza("c", "2");
    const std::string security = stanza("a", "1.10") + stanza("c", "2") + stanza("b", "1~rc1");
    const auto all = make_universe({index(main), index(security, "trixie-security")}, "amd64");
    CHECK(all->size() == 6);
    CHECK(versions(*all, "a") == std::vector<std::string>{"1.10 trixie-security", "1.9 trixie"});
    CHECK(versions(*all, "b") == std::vector<std::string>{"1 trixie", "1~rc1 trixie-security"});
    CHECK(versions(*all, "c") == std::vector<std::string>{"2 trixie", "2 trixie-security"});
    CHECK(all->named("d").empty());
}

TEST_CASE("an index of lower priority comes after, however new its versions") {
    const std::string main = stanza("a", "1");
    const std::string later = stanza("a", "2");
    PackagesIndex backports = index(later, "trixie-backports");
    backports.priority = 100;
    const auto all = make_universe({backports, index(main)}, "amd64");
    CHECK(versions(*all, "a") == std::vector<std::string>{"1 trixie", "2 trixie-backports"});
}

TEST_CASE("providers come in index order, once each, without the real package") {
    const std::string text =
        stanza("z", "1", "Provides: mail-agent, v (= 1),\n v (= 2), mail-agent\n") +
        stanza("mail-agent", "1", "Provides: mail-agent (= 9)\n") +
        stanza("a", "1", "Provides: mail-agent(=3)|w\n") + stanza("b", "1", "Provides: x:any\n");
    const auto all = universe(text);
    CHECK(
        std::vector(all->providers("mail-agent").begin(), all->providers("mail-agent").end()) ==
        std::vector{CandidateId{0}, CandidateId{2}});
    CHECK(providers(*all, "v") == std::vector<std::string>{"z"});
    CHECK(providers(*all, "x") == std::vector<std::string>{"b"});
    CHECK(all->providers("z").empty());
}

TEST_CASE("packages of other architectures are not there") {
    const std::string text = stanza("a", "1", "Architecture: i386\n") +
                             stanza("a", "2", "Architecture: all\n") + stanza("a", "3") +
                             stanza("b", "1", "Architecture: i386\nProvides: v\n");
    const auto all = universe(text);
    CHECK(versions(*all, "a") == std::vector<std::string>{"3 trixie", "2 trixie"});
    CHECK(all->named("b").empty());
    CHECK(all->providers("v").empty());
}

TEST_CASE("qualifiers are met as apt meets them") {
    const std::string text =
        stanza("plain", "1") + stanza("allowed", "1", "Multi-Arch: allowed\n") +
        stanza("foreign", "1", "Multi-Arch: foreign\n") +
        stanza("same", "1", "Multi-Arch: same\n") + stanza("all", "1", "Architecture: all\n");
    const auto all = universe(text);
    const auto meets = [&all](const char* name, const char* qualifier) {
        return all->qualifier_matches(
            {.name = name, .qualifier = qualifier}, all->named(name).front());
    };
    for (const char* name : {"plain", "allowed", "foreign", "same", "all"}) {
        CAPTURE(name);
        CHECK(meets(name, ""));
        CHECK(meets(name, "native"));
        CHECK(meets(name, "amd64"));
        CHECK_FALSE(meets(name, "i386"));
        CHECK(meets(name, "any") == (std::string_view(name) == "allowed"));
        CHECK(meets(name, "all") == (std::string_view(name) == "all"));
    }
}

TEST_CASE("similar names are found by distance and by what they hold") {
    std::string text;
    for (const char* name :
         {"libssl3t64", "libssl-dev", "openssl", "python3", "python3.13", "nginx", "zsh"}) {
        text += stanza(name, "1");
    }
    const auto all = universe(text);
    CHECK(all->similar("libssl3") == std::vector<std::string>{"libssl3t64"});
    CHECK(all->similar("pyton3") == std::vector<std::string>{"python3"});
    CHECK(all->similar("python") == std::vector<std::string>{"python3", "python3.13"});
    CHECK(all->similar("ssl").size() == 3);
    CHECK(all->similar("something-else").empty());
    CHECK(all->similar("").empty());
}

TEST_CASE("an index that is none is refused with its line") {
    CHECK(refused_at("Package: a\nVersion: 1\n\n") == Where{"trixie", 1, 1});
    CHECK(refused_at(stanza("a", "1") + "Version: 1\nArchitecture: all\n").line == 8);
    CHECK(refused_at("Package: a\nPackage: b\nVersion: 1\n") == Where{"trixie", 2, 1});
    CHECK(refused_at("Package: a\n# comment\nVersion: 1\n") == Where{"trixie", 2, 1});
    CHECK(refused_at("<html>\n<body>Not found</body>\n").line == 1);
    CHECK(refused_at(stanza("a", "1") + stanza("b", "1", "X: 1\nnot a field\n")).line == 12);
    CHECK(refused_at(stanza("a", "1") + stanza("b", "1", "Depends: a (\n")).line == 8);
    CHECK(refused_at(stanza("a", "1")) == Where{});
    CHECK(refused_at("") == Where{});
}

TEST_CASE("a candidate that cannot be trusted is refused when it is asked for") {
    const auto with = [](const std::string& from, const std::string& to) {
        std::string text = stanza("a", "1");
        return text.replace(text.find(from), from.size(), to);
    };
    CHECK_FALSE(is_refused_late(stanza("a", "1")));
    CHECK(is_refused_late(with("SHA256: 01", "SHA256: 0")));
    CHECK(is_refused_late(with("SHA256: 01", "SHA256: 0G")));
    CHECK(is_refused_late(with("SHA256: ", "SHA1: ")));
    CHECK(is_refused_late(with("Size: 1000\n", "")));
    CHECK(is_refused_late(with("Size: 1000", "Size: 0")));
    CHECK(is_refused_late(with("Size: 1000", "Size: -1")));
    CHECK(is_refused_late(with("Size: 1000", "Size: 10000000000")));
    CHECK(is_refused_late(with("Package: a", "Package: ../a")));
    CHECK(is_refused_late(with("Package: a", "Package: a b")));
    CHECK(is_refused_late(with("Version: 1", "Version: 1/2")));
    CHECK(is_refused_late(with("Version: 1", "Version: 1\nSource: a (1")));
    CHECK(is_refused_late(with("Version: 1", "Version: 1\nSource: (")));
    CHECK(is_refused_late(with("Version: 1", "Version: 1\nSource: a b")));
    CHECK(is_refused_late(with("Version: 1", "Version: 1\nProvides: b (>= 1)")));
    CHECK(is_refused_late(with("Version: 1", "Version: 1\nConflicts: b | c")));
}

TEST_CASE("a Filename cannot leave the archive") {
    for (const char* bad :
         {"/pool/a.deb", "../a.deb", "pool/../../a.deb", "pool/..", "http://b/a.deb", "file:a.deb",
          "pool//a.deb", "pool/./a.deb", "pool\\a.deb", "a\tb.deb", ""}) {
        CAPTURE(bad);
        std::string text = stanza("a", "1");
        text.replace(text.find("pool/a.deb"), 10, bad);
        CHECK(is_refused_late(text));
    }
}

TEST_CASE("what a URL cannot hold is encoded") {
    std::string text = stanza("a", "1");
    text.replace(text.find("pool/a.deb"), 10, "./pool/a b%3a1?x#y+~:@.deb");
    const auto all = universe(text);
    CHECK(
        all->candidate(CandidateId{0}).url ==
        "http://deb.example/debian/pool/a%20b%253a1%3Fx%23y+~:@.deb");
}

TEST_CASE("many names are all found again") {
    std::string text;
    for (int i = 0; i < 5000; ++i) {
        text += "Package: p" + std::to_string(i) + "\nVersion: 1\nArchitecture: all\nProvides: v" +
                std::to_string(i % 100) + "\n\n";
    }
    const auto all = universe(text);
    CHECK(all->size() == 5000);
    for (std::uint32_t i = 0; i < 5000; ++i) {
        const auto found = all->named("p" + std::to_string(i));
        REQUIRE(found.size() == 1);
        CHECK(found[0] == CandidateId{i});
    }
    const auto found = all->providers("v7");
    REQUIRE(found.size() == 50);
    CHECK(found[0] == CandidateId{7});
    CHECK(found[49] == CandidateId{4907});
}

TEST_CASE("architectures have their names in each world") {
    CHECK(debian_architecture("amd64") == "amd64");
    CHECK(debian_architecture("arm/v7") == "armhf");
    CHECK(debian_architecture("arm64/v8") == "arm64");
    CHECK(debian_architecture("ppc64le") == "ppc64el");
    CHECK(debian_architecture("386") == "i386");
    CHECK(multiarch_triplet("amd64") == "x86_64-linux-gnu");
    CHECK(multiarch_triplet("armhf") == "arm-linux-gnueabihf");
    CHECK(multiarch_triplet("riscv64") == "riscv64-linux-gnu");
    CHECK_THROWS_AS((void)debian_architecture("vax"), Error);
    CHECK_THROWS_AS((void)multiarch_triplet("arm/v7"), Error);
}

} // namespace pare::deb
