// SPDX-License-Identifier: Apache-2.0
// Fetching and verifying what APT archives say: InRelease (or Release + Release.gpg) against the
// keys that the source names, then Packages files against the Release. What was verified is kept
// under `cache` and found again by hash.
#pragma once

#include "crypto/openpgp.hh"
#include "deb/sources.hh"
#include "deb/universe.hh"
#include "net/client.hh"
#include "support/clock.hh"
#include "support/files.hh"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace pare::deb {

struct RepositoryOptions {
    std::filesystem::path cache{}; ///< a directory of the store that belongs to this room
    std::vector<std::filesystem::path> keyrings{}; ///< --keyring: used for every source as well
    /// An index verified less than so many seconds ago is not asked for again.
    std::int64_t fresh_for = 300;
    /// Use what the cache has, however old but still valid; archives that are files are still read.
    bool offline = false;
    std::filesystem::path root = "/"; ///< of the host, for the keyrings that it may have
};

/// What one suite said, verified.
struct SuiteState {
    Source source{};
    std::string release_sha256{}; ///< of the signed text: the same text gives the same universe
    std::int64_t date = 0;
    std::vector<std::string> signers{};
};

/// Everything that `sources` offer for one architecture (Debian name).
class Repositories {
public:
    Repositories(
        net::Client& client, Events& events, const Clock& clock, RepositoryOptions options);
    ~Repositories();

    /// Fetches and verifies the Release files of all sources, each once, side by side. Refuses bad
    /// signatures, an expired Valid-Until, an index older than one seen before, weak hashes.
    /// Cheap when all are fresh.
    std::vector<SuiteState>
    refresh(const std::vector<Source>& sources, const std::stop_token& stop = {});

    /// The universe of an architecture; refresh() must have seen the same sources. Fetches the
    /// Packages files that are missing (gz before xz before zst before plain; by-hash where
    /// offered).
    std::unique_ptr<package::Universe> universe(
        const std::vector<Source>& sources, const std::string& architecture,
        const std::stop_token& stop = {});

    /// What find_libraries() searches: which packages of these sources have which libraries. The
    /// Contents files that are missing are fetched and boiled down.
    std::vector<MappedFile> libraries(
        const std::vector<Source>& sources, const std::string& architecture,
        const std::stop_token& stop = {});

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace pare::deb
