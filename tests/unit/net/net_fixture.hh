// SPDX-License-Identifier: Apache-2.0
// A server, a directory and a client for the tests of net/.
#pragma once

#include "net/client.hh"
#include "support/digest.hh"
#include "support/expect.hh"
#include "support/fault_server.hh"
#include "support/files.hh"
#include "support/noise.hh"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pare::net::test {

using pare::test::contains;
using pare::test::error_of;
using pare::test::FaultServer;
using pare::test::noise;
using pare::test::thrown_by;

/// An environment variable for the life of the object; null unsets it.
class Variable {
public:
    Variable(const char* name, const char* value) : name_(name) {
        if (const char* old = std::getenv(name)) {
            old_ = old;
        }
        set(value);
    }

    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

    ~Variable() { set(old_ ? old_->c_str() : nullptr); }

private:
    void set(const char* value) {
        if (value != nullptr) {
            ::setenv(name_, value, 1);
        } else {
            ::unsetenv(name_);
        }
    }

    const char* name_;
    std::optional<std::string> old_{};
};

/// Counts what it is told.
class CountingEvents final : public Events {
public:
    void begin(std::uint64_t /*id*/, Stage /*stage*/, const std::string& name, std::uint64_t total)
        override {
        names.push_back(name);
        totals.push_back(total);
    }

    void advance(std::uint64_t /*id*/, std::uint64_t bytes) override {
        CHECK((totals.back() == 0 || bytes <= totals.back()));
        advanced += bytes;
    }

    void end(std::uint64_t /*id*/) override { ++ended; }

    void expect(Stage /*stage*/, std::uint64_t count, std::uint64_t bytes) override {
        expected_count += count;
        expected_bytes += bytes;
    }

    void message(Severity /*severity*/, const std::string& /*text*/) override {}

    std::vector<std::string> names{};
    std::vector<std::uint64_t> totals{};
    std::uint64_t advanced = 0;
    std::uint64_t ended = 0;
    std::uint64_t expected_count = 0;
    std::uint64_t expected_bytes = 0;
};

/// One server, one directory to fetch to.
struct Fixture {
    Variable no_proxy{"no_proxy", "127.0.0.1,localhost"};
    FaultServer server{};
    TemporaryDirectory directory{};
    CountingEvents events{};
    Options options{.attempts = 3, .first_backoff_ms = 1, .stall_seconds = 1};

    std::filesystem::path destination() const { return directory.path() / "file"; }

    /// A transfer of `path` that is in the server with `body`.
    Transfer serve(const std::string& path, const Bytes& body) {
        server.put(path, body);
        return {
            .url = server.url(path),
            .destination = destination(),
            .size = body.size(),
            .sha256 = hash_hex(body)};
    }

    /// Fetches by a client of its own; the error, if there was one.
    std::optional<Error> fetch(const Transfer& transfer) {
        Client client(options, events);
        return fetch_by(client, transfer);
    }

    static std::optional<Error> fetch_by(Client& client, const Transfer& transfer) {
        std::optional<Error> problem;
        unsigned calls = 0;
        client.fetch({transfer}, [&](std::size_t index, const Outcome& outcome) {
            ++calls;
            CHECK(index == 0);
            problem = error_in(outcome);
        });
        CHECK(calls == 1);
        return problem;
    }

    static std::optional<Error> error_in(const Outcome& outcome) {
        return thrown_by([&] {
            if (outcome.error) {
                std::rethrow_exception(outcome.error);
            }
        });
    }

    /// Names in the directory, temporary files too.
    std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
            names.push_back(entry.path().filename().string());
        }
        return names;
    }
};

} // namespace pare::net::test
