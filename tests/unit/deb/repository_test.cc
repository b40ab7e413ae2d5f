// SPDX-License-Identifier: Apache-2.0
// What an archive gives, what is asked of it, and what of that is kept.
#include "unit/deb/archive_fixture.hh"

#include <algorithm>

using namespace pare::deb;
using namespace pare::deb::test;
using pare::Bytes;
using pare::ErrorKind;
using pare::hash_hex;
using pare::make_directories;
using pare::read_file;
using pare::write_file;

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(const fs::path& directory) {
    std::vector<fs::path> files;
    if (fs::exists(directory)) {
        for (const auto& entry : fs::directory_iterator(directory)) {
            files.push_back(entry.path());
        }
    }
    return files;
}

} // namespace

TEST_CASE("a signed archive gives its packages, and says what vouched for it") {
    Archive archive;
    Suite suite = Archive::hello();
    archive.publish(suite);
    CHECK(archive.packages() == Names{"hello"});
    CHECK(archive.urls == Names{archive.server.url("/pool/hello.deb")});
    REQUIRE(archive.states.size() == 1);
    CHECK(archive.states[0].source == archive.source());
    CHECK(archive.states[0].date == suite.date);
    CHECK(archive.states[0].signers == Names{Keys::shared().archive});
    std::string signed_text = suite.release();
    signed_text.pop_back();
    CHECK(archive.states[0].release_sha256 == hash_hex(signed_text));
    CHECK(files_in(archive.options.cache / "downloads").empty());
}

TEST_CASE("a fresh index is not asked for again, a stale one is, and its Packages only if new") {
    Archive archive;
    Suite suite = Archive::hello();
    archive.publish(suite);
    const std::int64_t start = now();
    CHECK(archive.packages({archive.source()}, "amd64", start) == Names{"hello"});
    CHECK(archive.requests() == 2);
    CHECK(archive.packages({archive.source()}, "amd64", start + 299) == Names{"hello"});
    CHECK(archive.requests() == 0);
    CHECK(archive.packages({archive.source()}, "amd64", start + 300) == Names{"hello"});
    CHECK(archive.requests() == 1);
    CHECK(archive.packages({archive.source()}, "amd64", start + 599) == Names{"hello"});
    CHECK(archive.requests() == 0);
    CHECK(archive.packages({archive.source()}, "amd64", start - 1) == Names{"hello"});
    CHECK(archive.requests() == 1);
    suite.date += 60;
    archive.publish(suite);
    archive.options.fresh_for = 0;
    CHECK(archive.packages({archive.source()}, "amd64", start) == Names{"hello"});
    CHECK(archive.requests() == 1);
    suite.add("main/binary-amd64/Packages", stanza("hello") + stanza("world"));
    archive.publish(suite);
    CHECK(archive.packages({archive.source()}, "amd64", start) == Names{"hello", "world"});
    CHECK(archive.requests() == 2);
}

TEST_CASE("the same bytes give the same state") {
    Archive archive;
    archive.publish(Archive::hello());
    CHECK(archive.packages() == Names{"hello"});
    const std::string before = archive.states[0].release_sha256;
    CHECK(archive.packages({archive.source()}, "amd64", now() + 1000) == Names{"hello"});
    CHECK(archive.states[0].release_sha256 == before);
    CHECK(archive.states[0].signers.size() == 1);
}

TEST_CASE("the same bytes are verified again when other keys have to vouch for them") {
    Archive archive;
    archive.publish(Archive::hello());
    CHECK(archive.packages() == Names{"hello"});
    write_file(
        archive.source().signed_by[0], Keys::shared().home.export_keys({Keys::shared().other}));
    archive.options.fresh_for = 0;
    Source source = archive.source();
    write_file(source.signed_by[0], Keys::shared().home.export_keys({Keys::shared().other}));
    archive.check_problem(ErrorKind::refused, {"no key is known"}, {source});
}

TEST_CASE("the same bytes are verified again after a day: keys expire") {
    Archive archive;
    GpgHome& home = Keys::shared().home;
    const std::string key = home.make_key("two days", {.expires = "2d"});
    archive.publish_by({key}, Archive::hello());
    Source source = archive.source();
    source.signed_by = {archive.keyring({key})};
    CHECK(archive.packages({source}, "amd64", now()) == Names{"hello"});
    archive.check_problem(ErrorKind::refused, {"expired on"}, {source}, now() + 3 * 86400);
}

TEST_CASE("offline, what is in the store serves, however old but not expired") {
    Archive archive;
    Suite suite = Archive::hello();
    suite.valid_until = now() + 500'000;
    archive.publish(suite);
    archive.options.offline = true;
    archive.net.offline = true;
    archive.check_problem(ErrorKind::environment, {"the store has no index"}, {archive.source()});
    archive.options.offline = false;
    archive.net.offline = false;
    CHECK(archive.packages() == Names{"hello"});
    archive.options.offline = true;
    archive.net.offline = true;
    archive.requests();
    CHECK(archive.packages({archive.source()}, "amd64", now() + 400'000) == Names{"hello"});
    CHECK(archive.requests() == 0);
    archive.check_problem(ErrorKind::refused, {"expired on"}, {archive.source()}, now() + 600'000);
}

TEST_CASE("offline, an archive that is a directory is still read") {
    Archive archive;
    const Suite suite = Archive::hello();
    const fs::path mirror = archive.directory.path() / "mirror";
    for (const auto& [path, bytes] : suite.files) {
        const fs::path file = mirror / suite.directory / path;
        make_directories(file.parent_path());
        write_file(file, bytes);
    }
    write_file(
        mirror / "dists/stable/InRelease",
        Keys::shared().home.clearsign(suite.release(), {Keys::shared().archive}));
    archive.options.offline = true;
    archive.net.offline = true;
    archive.net.rewrites = {{archive.server.url("/"), "file://" + mirror.string() + "/"}};
    CHECK(archive.packages() == Names{"hello"});
    CHECK(archive.requests() == 0);
    CHECK(archive.urls == Names{archive.server.url("/pool/hello.deb")});
    SUBCASE("also in the older form") {
        fs::remove(mirror / "dists/stable/InRelease");
        write_file(mirror / "dists/stable/Release", suite.release());
        write_file(
            mirror / "dists/stable/Release.gpg",
            Keys::shared().home.sign("--detach-sign", suite.release(), {Keys::shared().archive}));
        archive.options.fresh_for = 0;
        CHECK(archive.packages() == Names{"hello"});
    }
}

TEST_CASE("without InRelease, Release and Release.gpg serve") {
    Archive archive;
    const Suite suite = Archive::hello();
    archive.publish_detached(suite, suite.release());
    CHECK(archive.packages() == Names{"hello"});
    CHECK(archive.states[0].release_sha256 == hash_hex(suite.release()));
    CHECK(archive.states[0].signers == Names{Keys::shared().archive});
    CHECK(archive.packages({archive.source()}, "amd64", now() + 1000) == Names{"hello"});
}

TEST_CASE("an archive with neither is named with its URL") {
    Archive archive;
    archive.check_problem(
        ErrorKind::environment, {"no InRelease and no Release", "/dists/stable/"},
        {archive.source()});
}

TEST_CASE("a server that fails is no archive without InRelease") {
    Archive archive;
    archive.publish(Archive::hello());
    archive.server.add({.path = "/dists/stable/InRelease", .status = 503});
    archive.check_problem(ErrorKind::environment, {"InRelease", "503"}, {archive.source()});
    CHECK(archive.server.count("/dists/stable/Release") == 0);
}

TEST_CASE("indexes are fetched by hash where the archive has them so, and by path else") {
    Archive archive;
    Suite suite = Archive::hello();
    suite.fields += "Acquire-By-Hash: yes\n";
    archive.publish(suite);
    const Bytes packed = suite.files.at("main/binary-amd64/Packages.gz");
    const std::string path = "/dists/stable/main/binary-amd64/";
    const std::string by_hash = path + "by-hash/SHA256/" + hash_hex(packed);
    SUBCASE("it has them") {
        archive.server.put(by_hash, packed);
        CHECK(archive.packages() == Names{"hello"});
        CHECK(archive.server.count(path + "Packages.gz") == 0);
    }
    SUBCASE("the mirror left them out") {
        CHECK(archive.packages() == Names{"hello"});
        CHECK(archive.server.count(by_hash) == 1);
        CHECK(archive.server.count(path + "Packages.gz") == 1);
    }
}

TEST_CASE("the best form of an index is fetched, and any form serves") {
    for (const std::vector<std::string>& forms :
         {Names{"", ".gz", ".zst"}, Names{".gz"}, Names{"", ".zst"}, Names{".zst"}, Names{""}}) {
        Archive archive;
        Suite suite;
        suite.add("main/binary-amd64/Packages", stanza("hello"), forms);
        archive.publish(suite);
        CHECK(archive.packages() == Names{"hello"});
        CHECK(archive.requests() == 2);
        const std::string best = std::ranges::find(forms, ".gz") != forms.end()    ? ".gz"
                                 : std::ranges::find(forms, ".zst") != forms.end() ? ".zst"
                                                                                   : "";
        CHECK(archive.server.count("/dists/stable/main/binary-amd64/Packages" + best) == 1);
    }
}

TEST_CASE("what is damaged in the store is fetched again") {
    Archive archive;
    archive.publish(Archive::hello());
    CHECK(archive.packages() == Names{"hello"});
    archive.requests();
    for (const char* folder : {"packages", "releases", "suites"}) {
        for (const int damage : {0, 1, 2}) {
            const auto files = files_in(archive.options.cache / folder);
            REQUIRE(files.size() == 1);
            const Bytes whole = read_file(files[0]);
            if (damage == 0) {
                write_file(files[0], whole.substr(0, whole.size() / 2));
            } else if (damage == 1) {
                write_file(files[0], Bytes(whole.size(), '\0'));
            } else {
                fs::remove(files[0]);
            }
            INFO(folder, " ", damage);
            CHECK(archive.packages() == Names{"hello"});
            CHECK(archive.requests() == 1);
            CHECK(archive.packages() == Names{"hello"});
            CHECK(archive.requests() == 0);
        }
    }
}

TEST_CASE("several suites come as one universe, each asked for once") {
    Archive archive;
    archive.publish(Archive::hello());
    Suite updates;
    updates.directory = "dists/trixie-updates/";
    updates.names = "Suite: stable-updates\nCodename: trixie-updates\n";
    updates.fields = "Components: main contrib\nArchitectures: amd64\n";
    updates.add("main/binary-amd64/Packages", stanza("hello", "1.1"));
    updates.add("contrib/binary-amd64/Packages", stanza("extra"));
    archive.publish(updates);
    Source contrib = archive.source("trixie-updates");
    contrib.components = {"contrib"};
    const std::vector<Source> sources = {
        archive.source(), archive.source("trixie-updates"), contrib};
    CHECK(archive.packages(sources, "amd64", now()) == Names{"hello", "hello", "extra"});
    CHECK(archive.requests() == 5);
    REQUIRE(archive.states.size() == 3);
    CHECK(archive.states[1].release_sha256 == archive.states[2].release_sha256);
    CHECK(archive.states[2].source == contrib);
}

TEST_CASE("one bad suite among good ones is the one that is named") {
    Archive archive;
    archive.publish(Archive::hello());
    const auto error = archive.problem({archive.source(), archive.source("missing")});
    REQUIRE(error);
    CHECK(error->message().find("/dists/missing/") != std::string::npos);
}

TEST_CASE("packages for all architectures are read where the archive keeps them") {
    Archive archive;
    Suite suite;
    suite.fields = "Architectures: all amd64\nComponents: main\n";
    suite.add("main/binary-amd64/Packages", stanza("native"));
    suite.add("main/binary-all/Packages", stanza("common", "1", "all"));
    SUBCASE("apart") {
        archive.publish(suite);
        CHECK(archive.packages() == Names{"native", "common"});
    }
    SUBCASE("with those of each architecture") {
        suite.fields += "No-Support-for-Architecture-all: Packages\n";
        archive.publish(suite);
        CHECK(archive.packages() == Names{"native"});
        CHECK(archive.server.count("/dists/stable/main/binary-all/Packages.gz") == 0);
    }
    SUBCASE("and nothing else") {
        archive.publish(suite);
        CHECK(archive.packages({archive.source()}, "arm64", now()) == Names{"common"});
    }
}

TEST_CASE("components and architectures that are not there are named with those that are") {
    Archive archive;
    archive.publish(Archive::hello());
    Source source = archive.source();
    source.components = {"main", "universe"};
    archive.check_problem(ErrorKind::definition, {"no component universe for amd64"}, {source});
    const auto error = archive.problem({archive.source()}, "riscv64");
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::definition);
    CHECK(error->message().find("no packages for riscv64") != std::string::npos);
    CHECK(error->hint().find("amd64, arm64") != std::string::npos);
}

TEST_CASE("a source for other architectures gives nothing") {
    Archive archive;
    archive.publish(Archive::hello());
    Source source = archive.source();
    source.architectures = {"arm64"};
    CHECK(archive.packages({source}, "amd64", now()).empty());
}

TEST_CASE("flat archives have their index where the suite points") {
    for (const char* name : {"./", "sub/dir/", "/"}) {
        Archive archive;
        Suite suite;
        suite.directory = std::string(name) == "sub/dir/" ? "sub/dir/" : "";
        suite.names.clear();
        suite.fields.clear();
        suite.add("Packages", stanza("flat"));
        archive.publish(suite);
        Source source = archive.source(name);
        source.components.clear();
        CHECK(archive.packages({source}, "amd64", now()) == Names{"flat"});
        CHECK(archive.urls == Names{archive.server.url("/pool/flat.deb")});
    }
}

TEST_CASE("keys may be named by fingerprint, and be in the source itself") {
    Archive archive;
    Keys& keys = Keys::shared();
    archive.publish(Archive::hello());
    Source source = archive.source();
    source.signed_by = {archive.keyring({keys.archive, keys.other}), keys.other};
    archive.check_problem(ErrorKind::refused, {"is not one of the keys"}, {source});
    source.signed_by[1] = keys.archive + "!";
    CHECK(archive.packages({source}, "amd64", now()) == Names{"hello"});
    source.signed_by = {keys.home.export_keys({keys.archive}, {"--armor"})};
    CHECK(archive.packages({source}, "amd64", now()) == Names{"hello"});
    source.signed_by = {keys.archive};
    archive.check_problem(ErrorKind::refused, {"no key is known"}, {source});
    const fs::path host_keys = archive.options.root / "etc/apt/trusted.gpg.d";
    make_directories(host_keys);
    write_file(host_keys / "acme.gpg", keys.home.export_keys({keys.archive}));
    write_file(host_keys / "broken.gpg", "junk");
    CHECK(archive.packages({source}, "amd64", now()) == Names{"hello"});
}

TEST_CASE("Debian's keys are found wherever the host has them") {
    Archive archive;
    Keys& keys = Keys::shared();
    archive.publish(Archive::hello());
    Source source = archive.source();
    source.signed_by = {std::string(kDebianKeyring)};
    archive.check_problem(ErrorKind::environment, {"no keys of Debian's archive"}, {source});
    fs::path place;
    SUBCASE("the usual place") {
        place = fs::path(kDebianKeyring).relative_path();
    }
    SUBCASE("parts of it") {
        place = "usr/share/keyrings/debian-archive-trixie-stable.pgp";
    }
    SUBCASE("among the keys of apt") {
        place = "etc/apt/trusted.gpg.d/debian-archive-trixie-stable.asc";
    }
    make_directories((archive.options.root / place).parent_path());
    write_file(archive.options.root / place, keys.home.export_keys({keys.archive}));
    CHECK(archive.packages({source}, "amd64", now()) == Names{"hello"});
}

TEST_CASE("relative keys lie beside the definition") {
    Archive archive;
    archive.publish(Archive::hello());
    Source source = archive.source();
    const fs::path file = source.signed_by[0];
    source.signed_by = {file.filename().string()};
    anchor_keys(source, file.parent_path());
    CHECK(archive.packages({source}, "amd64", now()) == Names{"hello"});
}

TEST_CASE("keys that are not there are an error that names them") {
    Archive archive;
    archive.publish(Archive::hello());
    Source source = archive.source();
    source.signed_by = {"/nonexistent/acme.gpg"};
    const auto error = archive.problem({source});
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::environment);
    CHECK(error->message().find("/nonexistent/acme.gpg") != std::string::npos);
}
