// SPDX-License-Identifier: Apache-2.0
// How an image was made, for whoever must decide whether to run it: SLSA provenance.
#pragma once

#include "support/json.hh"

#include <map>
#include <string>
#include <vector>

namespace pare::attest {

/// Something that went into an image, and can be had again and compared.
struct Material {
    std::string uri{};
    std::string name{};
    std::map<std::string, std::string> digests{}; ///< `sha256`, `gitCommit`

    auto operator<=>(const Material&) const = default;
};

struct Provenance {
    std::string builder{};      ///< URI of who ran pare
    std::string pare_version{}; ///< 0.1.0
    Material definition{};
    Material lock{};
    Material source{}; ///< the revision that the definition and the program are of; may be empty
    std::map<std::string, std::string> parameters{}; ///< as the user gave them: `variant`, `arch`
    std::vector<std::string> relaxed{};              ///< checks that were turned off
    std::vector<Material> dependencies{};            ///< packages, archives, a base image

    bool operator==(const Provenance&) const = default;
};

/// The predicate of type kProvenanceType: the same for the same value, whatever its order.
[[nodiscard]] json::Object provenance_predicate(const Provenance& provenance);

} // namespace pare::attest
