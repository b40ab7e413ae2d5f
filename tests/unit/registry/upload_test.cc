// SPDX-License-Identifier: Apache-2.0
// Uploads against the small registry of the tests (tests/support/registry.py), which refuses chunks
// out of order and wrong digests.
#include "registry/repository.hh"
#include "support/digest.hh"
#include "support/expect.hh"
#include "support/files.hh"
#include "support/noise.hh"
#include "support/text.hh"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

using namespace pare;
using namespace pare::registry;
using pare::test::contains;
using pare::test::error_of;
using pare::test::noise;

namespace {

/// The registry as a process that ends with this.
class RunningRegistry {
public:
    explicit RunningRegistry(std::vector<std::string> options) {
        const char* source = std::getenv("PARE_SOURCE");
        std::vector<std::string> words = {
            "python3",
            std::string(source == nullptr ? "." : source) + "/tests/support/registry.py",
            "--port-file",
            (folder_.path() / "port").string(),
            "--log",
            (folder_.path() / "log").string()};
        words.insert(words.end(), options.begin(), options.end());
        std::vector<char*> arguments;
        for (std::string& word : words) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::execvp("python3", arguments.data());
            ::_exit(127);
        }
        for (int i = 0; i < 3000 && !std::filesystem::exists(folder_.path() / "port"); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        host_ = "127.0.0.1:" + std::string(trim(read_file(folder_.path() / "port")));
    }

    RunningRegistry(const RunningRegistry&) = delete;
    RunningRegistry& operator=(const RunningRegistry&) = delete;

    ~RunningRegistry() {
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
    }

    [[nodiscard]] const std::string& host() const { return host_; }

    /// How many requests of that method were answered so.
    [[nodiscard]] std::size_t count(const std::string& method, const std::string& status) const {
        std::size_t found = 0;
        const std::string log = read_file(folder_.path() / "log");
        for (const std::string_view line : split(log, '\n')) {
            const auto words = split_words(line);
            found += words.size() == 5 && words[0] == method && words[2] == status ? 1U : 0U;
        }
        return found;
    }

private:
    TemporaryDirectory folder_;
    pid_t pid_ = 0;
    std::string host_;
};

struct Client {
    explicit Client(const std::string& host, UploadSizes sizes)
        : registries(http, CredentialStore([](const char*) { return std::string(); }, events), {}),
          repository(registries.endpoint(host, "app"), "app", Access::push, sizes) {}

    NoEvents events{};
    net::Http http{{.attempts = 3, .first_backoff_ms = 1, .netrc = false}, events};
    Registries registries;
    Repository repository;
};

oci::Descriptor descriptor_of(const Bytes& bytes) {
    return {.media_type = "x/y", .digest = oci_digest(bytes), .size = bytes.size()};
}

Bytes fetched(Client& client, const oci::Descriptor& blob) {
    const TemporaryDirectory folder;
    REQUIRE(client.repository.fetch_blob(blob, folder.path() / "blob"));
    return read_file(folder.path() / "blob");
}

} // namespace

TEST_CASE("a large blob goes in chunks, a small one in one piece") {
    const RunningRegistry registry({});
    Client client(registry.host(), {.whole = 1000, .chunk = 400});
    for (const std::size_t size : {0UL, 1UL, 999UL, 1000UL, 1001UL, 1200UL, 1201UL}) {
        CAPTURE(size);
        const Bytes bytes = noise(size);
        client.repository.put_blob(descriptor_of(bytes), net::outgoing(bytes));
        CHECK(client.repository.has_blob(descriptor_of(bytes)));
        CHECK(fetched(client, descriptor_of(bytes)) == bytes);
    }
    CHECK(registry.count("PATCH", "202") == 3 + 3 + 4);
}

TEST_CASE("chunks are as large as the registry wants them at least") {
    const RunningRegistry registry({"--chunk-min", "5000"});
    Client client(registry.host(), {.whole = 1000, .chunk = 400});
    const Bytes bytes = noise(12'000);
    client.repository.put_blob(descriptor_of(bytes), net::outgoing(bytes));
    CHECK(registry.count("PATCH", "202") == 3);
}

TEST_CASE("a chunk that is cut goes on where it was cut, as long as it gets on") {
    const RunningRegistry registry({"--fault", "PATCH * cut-upload=3000 times=6"});
    Client client(registry.host(), {.whole = 1000, .chunk = 10'000});
    const Bytes bytes = noise(25'000);
    client.repository.put_blob(descriptor_of(bytes), net::outgoing(bytes));
    CHECK(fetched(client, descriptor_of(bytes)) == bytes);
    CHECK(registry.count("POST", "202") == 1);
}

TEST_CASE("a blob that is not what it is said to be is refused by the registry") {
    const RunningRegistry registry({});
    Client client(registry.host(), {});
    const Error error = error_of(
        [&] { client.repository.put_blob(descriptor_of("right"), net::outgoing("wrong")); });
    CHECK(contains(error.message(), "DIGEST_INVALID"));
}

TEST_CASE("two that add to one image's referrers at once lose none of them") {
    const RunningRegistry registry({"--no-referrers"});
    const Bytes empty = "{}";
    const oci::Descriptor subject = descriptor_of("subject");
    std::vector<std::jthread> writers;
    for (int i = 0; i < 3; ++i) {
        writers.emplace_back([&, i] {
            Client client(registry.host(), {});
            client.repository.put_blob(descriptor_of(empty), net::outgoing(empty));
            const Bytes manifest =
                R"({"schemaVersion":2,"mediaType":")" + std::string(oci::kManifestType) +
                R"(","config":{"mediaType":"x/)" + std::to_string(i) + R"(","digest":")" +
                oci_digest(empty) + R"(","size":2},"layers":[],"subject":{"mediaType":")" +
                oci::kManifestType + R"(","digest":")" + subject.digest + R"(","size":7}})";
            oci::Descriptor descriptor = descriptor_of(manifest);
            descriptor.media_type = oci::kManifestType;
            client.repository.put_manifest({manifest, descriptor}, descriptor.digest);
        });
    }
    writers.clear();
    Client client(registry.host(), {});
    CHECK(client.repository.referrers(subject.digest).size() == 3);
}
