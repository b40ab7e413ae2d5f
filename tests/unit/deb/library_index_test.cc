// SPDX-License-Identifier: Apache-2.0
// Contents files: fetched like Packages, kept as what is searched for libraries.
#include "deb/contents.hh"
#include "unit/deb/archive_fixture.hh"

using namespace pare::deb;
using namespace pare::deb::test;
using pare::Bytes;
using pare::BytesView;
using pare::ErrorKind;
using pare::hash_hex;
using pare::net::Client;

namespace {

const std::string kPlace = "/dists/stable/main/";

Suite suite_with_contents() {
    Suite suite = Archive::hello();
    suite.add("main/Contents-amd64", "usr/lib/libz.so.1 libs/zlib1g\n", {".gz"});
    return suite;
}

/// The packages of the archive that have the library.
Names packages_with(Archive& archive, const std::string& library) {
    Client client(archive.net, archive.events);
    const pare::FixedClock clock(now());
    Repositories repositories(client, archive.events, clock, archive.options);
    (void)repositories.refresh({archive.source()});
    const auto files = repositories.libraries({archive.source()}, "amd64", {});
    std::vector<BytesView> indexes;
    for (const auto& file : files) {
        indexes.push_back(file.bytes());
    }
    Names packages;
    for (const LibraryFile& found : find_libraries(indexes, library)) {
        packages.push_back(found.package);
    }
    return packages;
}

} // namespace

TEST_CASE("Contents are fetched once, and what is kept of them serves from then on") {
    Archive archive;
    archive.publish(suite_with_contents());
    CHECK(packages_with(archive, "libz.so.1") == Names{"zlib1g"});
    CHECK(packages_with(archive, "libz.so.2").empty());
    CHECK(archive.server.count(kPlace + "Contents-amd64.gz") == 1);
}

TEST_CASE("Contents are fetched by hash where the archive has them so, and by path else") {
    Archive archive;
    Suite suite = suite_with_contents();
    suite.fields += "Acquire-By-Hash: yes\n";
    archive.publish(suite);
    const Bytes packed = suite.files.at("main/Contents-amd64.gz");
    const std::string by_hash = kPlace + "by-hash/SHA256/" + hash_hex(packed);
    SUBCASE("it has them") {
        archive.server.put(by_hash, packed);
        CHECK(packages_with(archive, "libz.so.1") == Names{"zlib1g"});
        CHECK(archive.server.count(kPlace + "Contents-amd64.gz") == 0);
    }
    SUBCASE("the mirror left them out") {
        CHECK(packages_with(archive, "libz.so.1") == Names{"zlib1g"});
        CHECK(archive.server.count(by_hash) == 1);
        CHECK(archive.server.count(kPlace + "Contents-amd64.gz") == 1);
    }
}

TEST_CASE("Contents that are not what the Release says are refused") {
    Archive archive;
    archive.publish(suite_with_contents());
    archive.server.put(kPlace + "Contents-amd64.gz", "something else");
    const auto error = thrown_by([&] { return packages_with(archive, "libz.so.1"); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::refused);
}
