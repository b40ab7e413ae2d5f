// SPDX-License-Identifier: Apache-2.0
// The options of the commands that build what definitions say: `build` and `publish`.
#pragma once

#include "build/build.hh"
#include "cli/source_options.hh"

#include <string>
#include <vector>

namespace pare::cli {

struct BuildingOptions {
    std::string compression = "gzip";
    std::string sbom = "none";
    bool provenance = false;
    std::string builder = "urn:pare:builder:local";
    bool locked = false;
    std::string lock{};
    bool family = false;
    SourceOptions source{};

    /// Bound to the members of this.
    [[nodiscard]] std::vector<Option> options();
    /// What to build; where it goes is left open. Reads locks. Throws ErrorKind::usage for options
    /// that contradict each other.
    [[nodiscard]] build::Options
    request(const std::vector<std::string>& definitions, const Session& session) const;
};

} // namespace pare::cli
