// SPDX-License-Identifier: Apache-2.0
// The use case: bills of materials of images that a definition gives, or that somebody made.
#pragma once

#include "build/build.hh"
#include "oci/output.hh"
#include "sbom/format.hh"

#include <optional>
#include <string>
#include <vector>

namespace pare::build {

struct SbomRequest {
    std::string reference{}; ///< a definition, or an image reference
    Request request{};       ///< of an image reference its `archs` count; empty: all
    sbom::Format format = sbom::Format::spdx;
    /// --derive: from what is in the image, even if a document came with it.
    bool derive = false;
    std::string tool_version{};
};

struct Sboms {
    std::vector<sbom::IndexPart> images{};
    std::optional<sbom::Written> index{}; ///< when there are several images
};

[[nodiscard]] Sboms make_sboms(const SbomRequest& request, const Tools& tools);

/// The documents that go beside what a build writes: those of its images, and one for each index.
[[nodiscard]] std::vector<oci::Attachment> attachments_of(
    const std::vector<oci::Written>& written, const std::vector<BuiltImage>& images,
    const Options& options);

/// What a document of an image is kept under, and keeping it.
[[nodiscard]] std::string
sbom_key(const std::string& image_key, sbom::Format format, const std::string& tool_version);
[[nodiscard]] std::optional<sbom::Written> find_sbom(const std::string& key, const Tools& tools);
void keep_sbom(const std::string& key, const sbom::Written& document, const Tools& tools);

} // namespace pare::build
