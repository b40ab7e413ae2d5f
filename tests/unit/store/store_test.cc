// SPDX-License-Identifier: Apache-2.0
#include "store/store.hh"
#include "support/digest.hh"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <utime.h>

using pare::hash_hex;
using pare::TemporaryDirectory;
using pare::store::Kind;
using pare::store::Store;

TEST_CASE("what is put into the store is found under its key, and nothing else is") {
    const TemporaryDirectory directory;
    Store store(directory.path());
    const std::string key = hash_hex("content");
    CHECK_FALSE(store.has(Kind::blob, key));
    CHECK_FALSE(store.get(Kind::blob, key));
    store.put(Kind::blob, key, "content");
    CHECK(store.get(Kind::blob, key) == "content");
    CHECK_FALSE(store.has(Kind::part, key));
}

TEST_CASE("a key that is no SHA-256 is a bug, never a path") {
    const TemporaryDirectory directory;
    const Store store(directory.path());
    CHECK_THROWS_AS((void)store.path(Kind::blob, "../../etc/passwd"), pare::Error);
    CHECK_THROWS_AS((void)store.path(Kind::blob, std::string(64, 'G')), pare::Error);
}

TEST_CASE("a file that is being written is not in the store before it is kept") {
    const TemporaryDirectory directory;
    Store store(directory.path());
    const std::string key = hash_hex("half");
    {
        pare::AtomicFile file = store.create(Kind::package);
        file.write("ha");
        CHECK_FALSE(store.has(Kind::package, key));
    }
    CHECK(std::filesystem::is_empty(directory.path() / "packages"));
}

TEST_CASE("blobs are read-only, because layouts of the user may share them") {
    const TemporaryDirectory directory;
    Store store(directory.path());
    const std::string key = hash_hex("blob");
    store.put(Kind::blob, key, "blob");
    struct stat status{};
    REQUIRE(::stat(store.path(Kind::blob, key).c_str(), &status) == 0);
    CHECK((status.st_mode & 0222) == 0);
}

TEST_CASE("prune removes what was not used for long and what killed programs left behind") {
    const TemporaryDirectory directory;
    const std::string old_key = hash_hex("old");
    const std::string new_key = hash_hex("new");
    {
        Store store(directory.path());
        store.put(Kind::package, old_key, "old");
        store.put(Kind::package, new_key, "new");
        const utimbuf long_ago{.actime = 1000, .modtime = 1000};
        ::utime(store.path(Kind::package, old_key).c_str(), &long_ago);
    }
    pare::write_file(directory.path() / "parts" / ".tmp-1-1-new", "left behind");
    const auto workshop = directory.path() / "pare-a1b2c3";
    pare::make_directories(workshop / "parts");
    pare::write_file(workshop / "parts" / "part", "of a rebuild");
    std::filesystem::create_directory_symlink(directory.path() / "packages", workshop / "indexes");
    const auto result = pare::store::prune(directory.path(), 1'000'000);
    CHECK(result.files == 3);
    CHECK_FALSE(std::filesystem::exists(workshop));
    Store store(directory.path());
    CHECK_FALSE(store.has(Kind::package, old_key));
    CHECK(store.has(Kind::package, new_key));
}

TEST_CASE("a use protects from being pruned") {
    const TemporaryDirectory directory;
    const std::string key = hash_hex("used");
    {
        Store store(directory.path());
        store.put(Kind::package, key, "used");
        const utimbuf long_ago{.actime = 1000, .modtime = 1000};
        ::utime(store.path(Kind::package, key).c_str(), &long_ago);
        CHECK(store.has(Kind::package, key));
    }
    CHECK(pare::store::prune(directory.path(), 1'000'000).files == 0);
}
