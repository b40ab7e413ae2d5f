// SPDX-License-Identifier: Apache-2.0
// What an archive is refused for.
#include "unit/deb/archive_fixture.hh"

using namespace pare::deb;
using namespace pare::deb::test;
using pare::Bytes;
using pare::ErrorKind;

TEST_CASE("a changed InRelease is refused") {
    Archive archive;
    const Suite suite = Archive::hello();
    archive.publish(suite);
    Bytes message = Keys::shared().home.clearsign(suite.release(), {Keys::shared().archive});
    message.replace(message.find("Suite: stable"), 13, "Suite: stabel");
    archive.server.put("/dists/stable/InRelease", message);
    archive.check_refused({"InRelease", "is bad"});
}

TEST_CASE("an InRelease by an unknown key is refused with the key and the way out") {
    Archive archive;
    archive.publish_by({Keys::shared().other}, Archive::hello());
    archive.check_refused({"no key is known", Keys::shared().other});
    CHECK(archive.problem({archive.source()})->hint().find("--keyring") != std::string::npos);
}

TEST_CASE("--keyring adds to the keys of every source") {
    Archive archive;
    archive.publish_by({Keys::shared().other}, Archive::hello());
    archive.options.keyrings = {archive.keyring({Keys::shared().other})};
    CHECK(archive.packages() == Names{"hello"});
    SUBCASE("and what it vouched for counts for nothing without it") {
        archive.options.keyrings.clear();
        archive.check_refused({"no key is known"});
    }
}

TEST_CASE("an index that is signed by an expired key is refused") {
    Archive archive;
    GpgHome& home = Keys::shared().home;
    const std::string key =
        home.make_key("expired repository", {.created = "20200101T000000", .expires = "10d"});
    archive.publish_by({key}, Archive::hello(), {"--faked-system-time", "20200105T000000!"});
    Source source = archive.source();
    source.signed_by = {archive.keyring({key})};
    archive.check_problem(ErrorKind::refused, {"expired on 2020-01-11"}, {source});
}

TEST_CASE("a signature with a weak hash is refused") {
    Archive archive;
    GpgHome& home = Keys::shared().home;
    const std::string key = home.make_key("weak", {.algorithm = "rsa2048"});
    archive.publish_by(
        {key}, Archive::hello(), {"--digest-algo", "SHA1", "--allow-weak-digest-algos"});
    Source source = archive.source();
    source.signed_by = {archive.keyring({key})};
    archive.check_problem(ErrorKind::refused, {"SHA-1", "too weak"}, {source});
}

TEST_CASE("an index with weak hashes only is refused") {
    Archive archive;
    Suite suite = Archive::hello();
    suite.hash_section = "MD5Sum";
    archive.publish(suite);
    archive.check_refused({"no SHA256 section"});
}

TEST_CASE("an index older than the one seen before is refused with both dates") {
    Archive archive;
    Suite suite = Archive::hello();
    suite.date = 1794649320;
    archive.publish(suite);
    CHECK(archive.packages() == Names{"hello"});
    suite.date -= 60;
    archive.publish(suite);
    archive.check_problem(
        ErrorKind::refused,
        {"older than the one seen", "2026-11-14T09:42:00Z", "2026-11-14T09:41:00Z"},
        {archive.source()}, now() + 1000);
    SUBCASE("the newer one is still accepted") {
        suite.date += 120;
        archive.publish(suite);
        CHECK(archive.packages({archive.source()}, "amd64", now() + 1000) == Names{"hello"});
    }
}

TEST_CASE("an index past its Valid-Until is refused, unless the source says otherwise") {
    Archive archive;
    Suite suite = Archive::hello();
    suite.valid_until = now() + 1000;
    archive.publish(suite);
    CHECK(archive.packages() == Names{"hello"});
    archive.check_problem(ErrorKind::refused, {"expired on"}, {archive.source()}, now() + 2000);
    Source source = archive.source();
    source.check_valid_until = false;
    CHECK(archive.packages({source}, "amd64", now() + 2000) == Names{"hello"});
}

TEST_CASE("an index that expires while it is fresh is asked for again") {
    Archive archive;
    Suite suite = Archive::hello();
    suite.valid_until = now() + 10;
    archive.publish(suite);
    CHECK(archive.packages() == Names{"hello"});
    suite.valid_until = now() + 5000;
    archive.publish(suite);
    CHECK(archive.packages({archive.source()}, "amd64", now() + 100) == Names{"hello"});
}

TEST_CASE("an index from the future is refused") {
    Archive archive;
    Suite suite = Archive::hello();
    suite.date = now() + 2 * 86400;
    archive.publish(suite);
    archive.check_refused({"from the future"});
    suite.date = now() + 3600;
    archive.publish(suite);
    CHECK(archive.packages() == Names{"hello"});
}

TEST_CASE("the index of another suite is refused") {
    Archive archive;
    Suite suite = Archive::hello();
    suite.names = "Suite: oldstable\nCodename: bookworm\n";
    archive.publish(suite);
    archive.check_refused({"asked for stable", "suite 'oldstable'", "codename 'bookworm'"});
    SUBCASE("a suite is known by its codename too, and by a part of a path") {
        suite.directory = "dists/bookworm/updates/";
        archive.publish(suite);
        CHECK(
            archive.packages({archive.source("bookworm/updates")}, "amd64", now()) ==
            Names{"hello"});
    }
    SUBCASE("an archive that names no suite is any") {
        suite.names = "Origin: Acme\n";
        archive.publish(suite);
        CHECK(archive.packages() == Names{"hello"});
    }
}

TEST_CASE("a Packages file with another hash is refused") {
    Archive archive;
    Suite suite = Archive::hello();
    archive.publish(suite);
    Bytes changed = suite.files.at("main/binary-amd64/Packages.gz");
    changed.back() = static_cast<char>(changed.back() ^ 1);
    archive.server.put("/dists/stable/main/binary-amd64/Packages.gz", changed);
    archive.check_refused({"Packages.gz", "expected SHA-256"});
}

TEST_CASE("a Packages file that is cut short is refused") {
    Archive archive;
    Suite suite = Archive::hello();
    archive.publish(suite);
    const Bytes whole = suite.files.at("main/binary-amd64/Packages.gz");
    archive.server.put(
        "/dists/stable/main/binary-amd64/Packages.gz", whole.substr(0, whole.size() - 3));
    archive.check_refused({"Packages.gz", "expected"});
}

TEST_CASE("a Packages file that unpacks to another size is refused") {
    Archive archive;
    Suite suite = Archive::hello();
    for (const char* suffix : {".gz", ".zst"}) {
        suite.files.clear();
        suite.add("main/binary-amd64/Packages", stanza("hello"), {"", suffix});
        suite.files["main/binary-amd64/Packages"] += "\n\n\n";
        archive.publish(suite);
        archive.check_refused({"Packages", "expected", "bytes"});
        suite.files["main/binary-amd64/Packages"].resize(10);
        archive.publish(suite);
        CHECK(archive.problem({archive.source()})->kind() == ErrorKind::refused);
        archive.options.fresh_for = 0;
    }
}

TEST_CASE("a Release without signature is refused") {
    Archive archive;
    const Suite suite = Archive::hello();
    archive.serve_files(suite);
    archive.server.put("/dists/stable/Release", suite.release());
    archive.check_refused({"/dists/stable/Release is not signed"});
}

TEST_CASE("a Release with a signature of something else is refused") {
    Archive archive;
    archive.publish_detached(Archive::hello(), "else");
    archive.check_refused({"Release", "is bad"});
}

TEST_CASE("a trusted source needs no signature, but all the rest") {
    Archive archive;
    Suite suite = Archive::hello();
    archive.publish_by({Keys::shared().other}, suite);
    Source source = archive.source();
    source.signed_by.clear();
    source.trusted = true;
    CHECK(archive.packages({source}, "amd64", now()) == Names{"hello"});
    CHECK(archive.states[0].signers.empty());
    archive.options.fresh_for = 0;
    suite.valid_until = now() - 10;
    archive.publish_by({Keys::shared().other}, suite);
    archive.check_problem(ErrorKind::refused, {"expired on"}, {source});
    archive.server.put("/dists/stable/InRelease", suite.release());
    archive.check_problem(ErrorKind::refused, {"no cleanly signed text"}, {source});
}

TEST_CASE("what was trusted without a signature counts for nothing with one") {
    Archive archive;
    archive.publish_by({Keys::shared().other}, Archive::hello());
    Source source = archive.source();
    source.trusted = true;
    CHECK(archive.packages({source}, "amd64", now()) == Names{"hello"});
    archive.check_refused({"no key is known"});
}

TEST_CASE("a source that names no keys is refused with its place") {
    Archive archive;
    archive.publish(Archive::hello());
    Source source = archive.source();
    source.signed_by.clear();
    archive.check_problem(ErrorKind::definition, {"nothing says which keys sign"}, {source});
    CHECK(archive.problem({source})->where().file == "test.list:1");
}

TEST_CASE("credentials are not shown") {
    Archive archive;
    Source source = archive.source();
    source.uri.insert(source.uri.find("127"), "user:secret@");
    const auto error = archive.problem({source});
    REQUIRE(error);
    CHECK(error->message().find("secret") == std::string::npos);
    for (const std::string& context : error->context()) {
        CHECK(context.find("secret") == std::string::npos);
    }
}
