// SPDX-License-Identifier: Apache-2.0
// The keys that may sign for a source: those it names, and those of --keyring.
#pragma once

#include "crypto/openpgp.hh"
#include "deb/sources.hh"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace pare::deb {

struct TrustedKeys {
    crypto::Keyring keyring{};
    std::string identity{}; ///< hash of the keys and pins: another keyring vouches for itself
};

class SourceKeys {
public:
    struct Options {
        std::vector<std::filesystem::path> keyrings{};
        std::filesystem::path root = "/"; ///< of the host, whose keyrings may be named
    };

    explicit SourceKeys(Options options) : options_(std::move(options)) {}

    /// Reads the keys on first use; the reference stays good. Throws ErrorKind::definition for a
    /// source that names no keys, ErrorKind::environment for keys that are not there.
    [[nodiscard]] const TrustedKeys& of(const Source& source);

private:
    [[nodiscard]] TrustedKeys read(const Source& source) const;

    Options options_;
    std::map<std::vector<std::string>, TrustedKeys> known_{}; ///< by signed-by
};

/// Makes the key files that the source names relative to `directory` absolute.
void anchor_keys(Source& source, const std::filesystem::path& directory);

} // namespace pare::deb
