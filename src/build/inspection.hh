// SPDX-License-Identifier: Apache-2.0
// Everything that an image of any origin says of itself, as one value a platform: for `pare
// inspect`, `pare diff` and `pare explain`.
#pragma once

#include "build/image_uses.hh"
#include "build/layer_readings.hh"
#include "inspect/efficiency.hh"
#include "inspect/filesystem.hh"
#include "inspect/source.hh"
#include "package/lock.hh"
#include "sbom/document.hh"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pare::build {

struct Inspection {
    std::string name{}; ///< the reference
    oci::ImageEntry entry{};
    std::vector<std::shared_ptr<const inspect::Layer>> layers{}; ///< lowest first
    inspect::Filesystem files{};
    inspect::Efficiency efficiency{};
    /// The packages; of those that provenance beside the image names, with the reason. Files are
    /// not hashed with SHA-1 here.
    sbom::Document document{};
    std::map<ImagePath, std::size_t> links{}; ///< packages of symlinks, where they say so
    Uses uses{};
    ElfSummary elf{};

    /// The package that a path belongs to, as an index into document.packages.
    [[nodiscard]] std::optional<std::size_t> package_of(const ImagePath& path) const;
    /// Of each package, in the order of the document: bytes of its files in the image.
    [[nodiscard]] std::vector<std::uint64_t> package_sizes() const;
};

/// Images are read one by one, layers that they share once.
class Inspector {
public:
    explicit Inspector(const Tools& tools) : tools_(tools), readings_(tools) {}

    /// The images of that reference for these architectures (`--arch`), in their order. Warns of
    /// databases that cannot be read.
    [[nodiscard]] std::vector<Inspection>
    inspect(const std::string& reference, const std::vector<std::string>& architectures);

    /// How many layers had to be read; of the others the store knew what is in them.
    [[nodiscard]] std::size_t opened() const { return readings_.opened(); }

private:
    [[nodiscard]] Inspection inspect(
        const inspect::ImageSource& source, const oci::ImageEntry& entry,
        const std::optional<package::Lock>& lock);

    /// Packages, and whose each file is.
    void describe(Inspection& inspection, const std::optional<package::Lock>& lock) const;

    const Tools& tools_;
    LayerReadings readings_;
};

} // namespace pare::build
