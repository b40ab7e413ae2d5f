// SPDX-License-Identifier: Apache-2.0
#include "net_fixture.hh"

#include <fmt/core.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace pare;
using namespace pare::net;
using namespace pare::net::test;

namespace {

constexpr int kNotPermitted = 77;

/// In a child of its own: a file system of 64 KiB over `directory`, that no one else sees.
bool mount_small(const std::filesystem::path& directory) {
    return ::unshare(CLONE_NEWNS | (::geteuid() == 0 ? 0 : CLONE_NEWUSER)) == 0 &&
           ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("tmpfs", directory.c_str(), "tmpfs", 0, "size=64k") == 0;
}

/// The exit status of `work` in a child process.
int in_child(const std::function<int()>& work) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::_exit(work());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

TEST_CASE_FIXTURE(Fixture, "bytes that changed once on the way are asked for again, past caches") {
    const Bytes body = noise(10'000);
    const Transfer transfer = serve("/a", body);
    server.add({.path = "/a", .times = 1, .flip = 5'000});
    CHECK_FALSE(fetch(transfer));
    CHECK(read_file(destination()) == body);
    const auto requests = server.requests();
    REQUIRE(requests.size() == 2);
    CHECK(requests[0].header("Cache-Control").empty());
    CHECK(requests[1].header("Cache-Control") == "no-cache");
    CHECK(requests[1].header("Range").empty());
}

TEST_CASE_FIXTURE(Fixture, "bytes that are wrong twice are refused, with both hashes") {
    const Bytes body = noise(10'000);
    const Transfer transfer = serve("/a", body);
    server.add({.path = "/a", .flip = 0});
    Bytes wrong = body;
    wrong[0] = static_cast<char>(~wrong[0]);
    const auto error = fetch(transfer);
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::refused);
    CHECK(
        error->message() == fmt::format(
                                "{} does not hold what it should: expected SHA-256 {}, got {}",
                                transfer.url, transfer.sha256, hash_hex(wrong)));
    CHECK_FALSE(error->hint().empty());
    CHECK(server.count("/a") == 2);
    CHECK(files().empty());
}

TEST_CASE_FIXTURE(
    Fixture, "what stood at the destination stays there when the new bytes are wrong") {
    write_file(destination(), "old");
    const Transfer transfer = serve("/a", "text");
    server.add({.path = "/a", .flip = 1});
    CHECK(fetch(transfer));
    CHECK(read_file(destination()) == "old");
    CHECK(files().size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a wrong piece behind a resume is mended by a whole new download") {
    const Bytes body = noise(10'000);
    const Transfer transfer = serve("/a", body);
    server.add({.path = "/a", .times = 1, .cut = 4'000, .flip = 10});
    CHECK_FALSE(fetch(transfer));
    CHECK(read_file(destination()) == body);
    CHECK(server.count("/a") == 3);
}

TEST_CASE_FIXTURE(Fixture, "after wrong bytes a passing failure is still retried") {
    const Transfer transfer = serve("/a", noise(1000));
    server.add({.path = "/a", .times = 1, .flip = 0});
    server.add({.path = "/a", .times = 2, .status = 503});
    CHECK_FALSE(fetch(transfer));
    CHECK(server.count("/a") == 4);
}

TEST_CASE_FIXTURE(Fixture, "a file of another size is refused, shorter or longer") {
    Transfer transfer = serve("/a", noise(1000));
    transfer.size = 1001;
    auto error = fetch(transfer);
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::refused);
    CHECK(contains(error->message(), "expected 1001 bytes, got 1000"));

    transfer.size = 999;
    error = fetch(transfer);
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::refused);
    CHECK(contains(error->message(), "expected 999 bytes, got 1000"));

    server.add({.path = "/a", .chunked = true});
    error = fetch(transfer);
    REQUIRE(error);
    CHECK(contains(error->message(), "expected 999 bytes, got more"));
    CHECK(files().empty());
}

TEST_CASE_FIXTURE(Fixture, "a body beyond the limit is cut off, not read to its end") {
    const Transfer whole = serve("/a", noise(20'000'000));
    for (const bool chunked : {false, true}) {
        server.add({.path = "/a", .times = 1, .chunked = chunked});
        const auto error =
            fetch({.url = whole.url, .destination = destination(), .limit = 100'000});
        REQUIRE(error);
        CHECK(error->kind() == ErrorKind::refused);
        CHECK(contains(error->message(), "larger than the 100000 bytes allowed"));
        // A length that is announced is believed before the first byte is taken.
        CHECK((chunked || events.advanced == 0));
    }
    CHECK(server.count("/a") == 2);
    CHECK(server.body_sent("/a") < 20'000'000);
    CHECK(files().empty());
}

TEST_CASE_FIXTURE(Fixture, "a huge error page is not read to its end") {
    server.add({.path = "/a", .status = 403, .page = 30'000'000});
    const auto error = fetch({.url = server.url("/a"), .destination = destination()});
    REQUIRE(error);
    CHECK(contains(error->message(), "403 Forbidden"));
    CHECK(server.body_sent("/a") < 30'000'000);
}

TEST_CASE_FIXTURE(Fixture, "a full disk is the disk's fault, and no reason to try again") {
    const Transfer transfer = serve("/a", noise(1'000'000));
    const int status = in_child([&] {
        if (!mount_small(directory.path())) {
            return kNotPermitted;
        }
        const auto error = fetch(transfer);
        const bool good = error && error->kind() == ErrorKind::environment &&
                          contains(error->message(), "cannot write ") &&
                          contains(error->message(), ": No space left on device") &&
                          files().empty();
        return good ? 0 : 1;
    });
    if (status == kNotPermitted) {
        MESSAGE("not tested: no file system may be mounted here");
        return;
    }
    CHECK(status == 0);
    CHECK(server.count("/a") == 1);
}
