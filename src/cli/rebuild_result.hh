// SPDX-License-Identifier: Apache-2.0
// What people and programs are told of an image that was built again.
#pragma once

#include "build/rebuild.hh"
#include "support/json.hh"

#include <string>

namespace pare::cli {

/// Where the provenance is from, and who stands for it.
struct ProvenanceOrigin {
    std::string place{};  ///< `beside the image`, a file, or the place of an attestation
    std::string signer{}; ///< empty: nobody signed it

    /// `provenance: ...`
    [[nodiscard]] std::string sentence() const;
};

/// What --verify found; differing files beyond a number are counted.
[[nodiscard]] std::string verdict_text(
    const std::string& image, const build::RebuildResult& result, const ProvenanceOrigin& origin);
[[nodiscard]] json::Value rebuild_json(
    const std::string& image, const build::RebuildResult& result, const ProvenanceOrigin& origin);

} // namespace pare::cli
