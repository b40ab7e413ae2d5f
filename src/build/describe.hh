// SPDX-License-Identifier: Apache-2.0
// What an image holds, as a bill of materials: always read from its layers, so that nothing in them
// can be missing from it.
#pragma once

#include "build/assemble.hh"
#include "inspect/filesystem.hh"
#include "oci/image.hh"
#include "sbom/catalog.hh"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace pare::build {

/// Opens the uncompressed tar of a layer.
using OpenLayer = std::function<std::unique_ptr<Source>(const oci::Layer&)>;

/// Layers of the store.
[[nodiscard]] OpenLayer open_stored_layers(const store::Store& store);

/// Regular files of an image with what was kept of them, for a bill of materials. `filesystem` is
/// asked further by what this gives.
[[nodiscard]] sbom::ImageFiles files_of(const inspect::Filesystem& filesystem);

class Describer {
public:
    Describer(const Tools& tools, std::string tool_version);

    /// Layers that several images share are read once. Warns of databases that cannot be read.
    [[nodiscard]] sbom::Document describe(
        const oci::Image& image, const sbom::Subject& subject, const sbom::Knowledge& knowledge,
        const OpenLayer& open);

private:
    void read_layers(const oci::Image& image, const OpenLayer& open);

    const Tools& tools_;
    std::string tool_version_;
    std::map<std::string, std::shared_ptr<const inspect::Layer>> layers_{}; ///< by diff_id
};

/// What a build knows of an image: who brought which file, and where its packages come from.
[[nodiscard]] sbom::Knowledge knowledge_of(const Target& target, const StepState& state);
/// An archive, which no database declares.
[[nodiscard]] sbom::Package
known_archive(const package::LockedArchive& archive, const std::string& architecture);

} // namespace pare::build
