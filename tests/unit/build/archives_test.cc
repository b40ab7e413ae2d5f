// SPDX-License-Identifier: Apache-2.0
// Which archive an entry of contents.archives means.
#include "build/archives.hh"
#include "fixture.hh"

namespace pare::test {

namespace {

using build::expand_url;
using build::is_version_wanted;
using build::PinBook;
using definition::ArchiveRequest;
using definition::Step;

const std::string kOne(64, '1');
const std::string kTwo(64, '2');

ArchiveRequest tool() {
    return {
        .name = "tool",
        .url = "https://t.example/${version}/tool-${version}-${arch}.tar",
        .version = "1",
        .to = "/opt"};
}

/// A step of a definition in a folder with this lock of archives.
class Folder {
public:
    explicit Folder(const package::ArchivePins& pins) {
        write_file(directory_.path() / "archives.lock.json", package::write_archive_pins(pins));
    }

    [[nodiscard]] std::vector<package::LockedArchive>
    lock(const ArchiveRequest& request, const std::string& architecture = "amd64") const {
        const build::Request nothing;
        Workshop workshop;
        return PinBook(nothing, workshop.tools())
            .lock_archives(
                Step{.directory = directory_.path(), .archives = {request}}, architecture);
    }

private:
    TemporaryDirectory directory_;
};

} // namespace

TEST_CASE("a URL gets the version and the architecture as the project calls it") {
    ArchiveRequest request = tool();
    CHECK(
        expand_url(request.url, request, "1.2", "arm64") ==
        "https://t.example/1.2/tool-1.2-arm64.tar");
    request.arch_names = {{"arm64", "aarch64"}};
    CHECK(
        expand_url(request.url, request, "1.2", "arm64") ==
        "https://t.example/1.2/tool-1.2-aarch64.tar");
    CHECK(error_of([&] {
              (void)expand_url(request.url, request, "1.2", "s390x");
          }).message() == "archive 'tool' is not made for s390x");
}

TEST_CASE("a version is wanted by its beginning, component by component") {
    CHECK(is_version_wanted("22.1.0", "22"));
    CHECK(is_version_wanted("22.1.0", "22.1"));
    CHECK(is_version_wanted("22.1.0", "22.1.0"));
    CHECK_FALSE(is_version_wanted("220.1.0", "22"));
    CHECK_FALSE(is_version_wanted("22", "22.1"));
}

TEST_CASE("version and hash come from the lock beside the definition") {
    const Folder folder({{"tool", {.version = "1.2", .sha256 = {{"amd64", kOne}}}}});
    const auto locked = folder.lock(tool());
    REQUIRE(locked.size() == 1);
    CHECK(locked[0].version == "1.2");
    CHECK(locked[0].sha256 == kOne);
    CHECK(locked[0].url == "https://t.example/1.2/tool-1.2-amd64.tar");
}

TEST_CASE("a hash of the definition itself needs no lock") {
    const Folder folder({{"tool", {.version = "1.2", .sha256 = {{"amd64", kOne}}}}});
    ArchiveRequest request = tool();
    request.sha256 = {{"amd64", kTwo}};
    CHECK(folder.lock(request)[0].sha256 == kTwo);
    CHECK(folder.lock(request)[0].version == "1");
    request.sha256 = {{"", kTwo}};
    CHECK(folder.lock(request, "s390x")[0].sha256 == kTwo);
}

TEST_CASE("what is not locked is refused with the way to lock it") {
    const Folder folder({{"tool", {.version = "1.2", .sha256 = {{"amd64", kOne}}}}});
    const auto problem = [&](const ArchiveRequest& request, const std::string& architecture) {
        const Error error = error_of([&] { (void)folder.lock(request, architecture); });
        CHECK(error.hint().find("pare update") != std::string::npos);
        return error.message();
    };
    CHECK(problem(tool(), "arm64") == "archive 'tool': 1.2 is not locked for arm64");
    ArchiveRequest request = tool();
    request.version = "2";
    CHECK(problem(request, "amd64") == "archive 'tool': 1.2 is locked, and 2 is wanted");
    request.name = "other";
    CHECK(problem(request, "amd64") == "archive 'other': no version of it is locked");
}

} // namespace pare::test
