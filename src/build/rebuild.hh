// SPDX-License-Identifier: Apache-2.0
// `pare rebuild`: an image is built again from what its provenance says, and held against it.
#pragma once

#include "attest/provenance.hh"
#include "build/build.hh"
#include "build/image_difference.hh"

#include <filesystem>
#include <string>
#include <vector>

namespace pare::build {

struct RebuildRequest {
    std::string image{};
    attest::Provenance provenance{};
    std::filesystem::path source{}; ///< the directory of the sources
    bool verify = false;            ///< compare
    /// Mirror, keyrings, offline; the rest of it is in the provenance.
    Request request{};
    oci::OutputFormat format = oci::OutputFormat::oci;
    std::filesystem::path output{};  ///< where the rebuilt image goes; empty: nowhere
    std::vector<std::string> tags{}; ///< empty: the image's
    std::string tool_version{};
};

/// An image for one platform. A digest is empty when that side has none.
struct ComparedPlatform {
    oci::Platform platform{};
    std::string digest{};
    std::string rebuilt_digest{};
    ImageDifference difference{};
};

struct RebuildResult {
    std::string digest{}; ///< of the image that was named
    std::string rebuilt_digest{};
    std::vector<ComparedPlatform> platforms{}; ///< when they were to be compared
    std::vector<std::string> notes{};          ///< what may be the reason of differences
    std::vector<oci::Written> written{};

    [[nodiscard]] bool is_same() const { return digest == rebuilt_digest; }
};

/// Throws ErrorKind::usage when the sources are not those of the image.
[[nodiscard]] RebuildResult rebuild(const RebuildRequest& request, const Tools& tools);

} // namespace pare::build
