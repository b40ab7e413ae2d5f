// SPDX-License-Identifier: Apache-2.0
// An APT archive on the loopback interface, signed by a key made for it.
#pragma once

#include "archive/codec.hh"
#include "deb/repository.hh"
#include "deb/source_keys.hh"
#include "support/digest.hh"
#include "support/expect.hh"
#include "support/fault_server.hh"
#include "support/files.hh"
#include "support/gpg_home.hh"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <ctime>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pare::deb::test {

using pare::test::FaultServer;
using pare::test::GpgHome;
using pare::test::Names;
using pare::test::thrown_by;

inline std::int64_t now() {
    return std::time(nullptr);
}

/// As a Release has it.
inline std::string date_text(std::int64_t time) {
    const std::time_t seconds = time;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::string text(64, '\0');
    text.resize(std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S UTC", &parts));
    return text;
}

inline std::string stanza(
    const std::string& name, const std::string& version = "1.0",
    const std::string& architecture = "amd64") {
    return fmt::format(
        "Package: {0}\nVersion: {1}\nArchitecture: {2}\nFilename: pool/{0}.deb\nSize: 7\n"
        "SHA256: {3}\n\n",
        name, version, architecture, std::string(64, 'a'));
}

/// The keys of all tests: they take a while to make.
struct Keys {
    GpgHome home{};
    std::string archive = home.make_key("archive");
    std::string other = home.make_key("other");

    static Keys& shared() {
        static Keys keys;
        return keys;
    }
};

/// What an archive says of a suite.
struct Suite {
    std::string directory = "dists/stable/";
    std::string names = "Suite: stable\nCodename: trixie\n";
    std::string fields = "Architectures: amd64 arm64\nComponents: main\n";
    std::int64_t date = now() - 3600;
    std::optional<std::int64_t> valid_until{};
    std::map<std::string, Bytes> files{}; ///< listed and served
    std::string hash_section = "SHA256";

    /// `path` in the forms with these suffixes.
    Suite&
    add(const std::string& path, const std::string& text,
        const std::vector<std::string>& suffixes = {"", ".gz"}) {
        for (const std::string& suffix : suffixes) {
            const archive::Codec codec = suffix == ".gz"    ? archive::Codec::gzip
                                         : suffix == ".zst" ? archive::Codec::zstd
                                                            : archive::Codec::none;
            files[path + suffix] = archive::compress(text, {codec, 6});
        }
        return *this;
    }

    [[nodiscard]] std::string release() const {
        std::string text = names + fields + "Date: " + date_text(date) + "\n";
        if (valid_until) {
            text += "Valid-Until: " + date_text(*valid_until) + "\n";
        }
        text += hash_section + ":\n";
        for (const auto& [path, bytes] : files) {
            text += fmt::format(" {} {} {}\n", hash_hex(bytes), bytes.size(), path);
        }
        return text;
    }
};

struct Archive {
    FaultServer server{};
    TemporaryDirectory directory{};
    NoEvents events{};
    net::Options net{.attempts = 2, .first_backoff_ms = 1, .stall_seconds = 5};
    RepositoryOptions options{.cache = directory.path() / "indexes", .root = directory.path()};

    /// A suite with one package `hello`.
    static Suite hello() {
        Suite suite;
        suite.add("main/binary-amd64/Packages", stanza("hello"));
        return suite;
    }

    void serve_files(const Suite& suite) {
        for (const auto& [path, bytes] : suite.files) {
            server.put("/" + suite.directory + path, bytes);
        }
    }

    void publish(const Suite& suite, const std::vector<std::string>& gpg_options = {}) {
        publish_by({Keys::shared().archive}, suite, gpg_options);
    }

    void publish_by(
        const std::vector<std::string>& keys, const Suite& suite,
        const std::vector<std::string>& gpg_options = {}) {
        serve_files(suite);
        server.put(
            "/" + suite.directory + "InRelease",
            Keys::shared().home.clearsign(suite.release(), keys, gpg_options));
    }

    /// In the older form: Release, and beside it a signature of `signed_text`.
    void publish_detached(const Suite& suite, const std::string& signed_text) {
        serve_files(suite);
        server.put("/" + suite.directory + "Release", suite.release());
        server.put(
            "/" + suite.directory + "Release.gpg",
            Keys::shared().home.sign(
                "--detach-sign", signed_text, {Keys::shared().archive}, {"--armor"}));
    }

    [[nodiscard]] std::string keyring(const std::vector<std::string>& keys) const {
        const auto path = directory.path() / (keys.front() + ".gpg");
        write_file(path, Keys::shared().home.export_keys(keys));
        return path.string();
    }

    [[nodiscard]] Source source(const std::string& suite = "stable") const {
        return {
            .uri = server.url("/"),
            .suite = suite,
            .components = {"main"},
            .signed_by = {keyring({Keys::shared().archive})},
            .where = "test.list:1"};
    }

    /// Names of the packages that a run at that time sees.
    std::vector<std::string>
    packages(const std::vector<Source>& sources, const std::string& architecture, std::int64_t at) {
        net::Client client(net, events);
        const FixedClock clock(at);
        Repositories repositories(client, events, clock, options);
        states = repositories.refresh(sources);
        const auto universe = repositories.universe(sources, architecture);
        std::vector<std::string> names;
        for (std::uint32_t id = 0; id < universe->size(); ++id) {
            const auto& package = universe->candidate(package::CandidateId{id});
            names.push_back(package.name);
            urls.push_back(package.url);
        }
        return names;
    }

    std::vector<std::string> packages() { return packages({source()}, "amd64", now()); }

    /// What such a run is refused for; kind and message.
    std::optional<Error> problem(
        const std::vector<Source>& sources, const std::string& architecture = "amd64",
        std::int64_t at = now()) {
        auto error = thrown_by([&] { return packages(sources, architecture, at); });
        CHECK((!error || !error->hint().empty()));
        return error;
    }

    void check_problem(
        ErrorKind kind, const std::vector<std::string>& words, const std::vector<Source>& sources,
        std::int64_t at = now()) {
        const auto error = problem(sources, "amd64", at);
        REQUIRE(error);
        INFO(error->message());
        CHECK(error->kind() == kind);
        for (const std::string& word : words) {
            CHECK_MESSAGE(error->message().find(word) != std::string::npos, word);
        }
    }

    void check_refused(const std::vector<std::string>& words) {
        check_problem(ErrorKind::refused, words, {source()});
    }

    /// How many requests there have been since the last call.
    std::size_t requests() {
        const std::size_t all = server.requests().size();
        return all - std::exchange(counted_, all);
    }

    std::vector<SuiteState> states{};
    std::vector<std::string> urls{};

private:
    std::size_t counted_ = 0;
};

} // namespace pare::deb::test
