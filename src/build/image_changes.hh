// SPDX-License-Identifier: Apache-2.0
// What is in one image and not, or otherwise, in another: for `pare diff`.
#pragma once

#include "build/inspection.hh"
#include "inspect/difference.hh"

#include <cstdint>
#include <string>
#include <vector>

namespace pare::build {

/// A package that is not the same in both images. Several versions of one name (modules of Node, of
/// Go programs) stand together, with commas.
struct VersionChange {
    sbom::Ecosystem ecosystem{};
    std::string name{};
    std::string before{};    ///< empty: the package was added
    std::string after{};     ///< empty: it was removed
    std::string changelog{}; ///< what its changelog says of the versions between; may be empty

    bool operator==(const VersionChange&) const = default;
};

struct Sizes {
    std::uint64_t compressed = 0; ///< of the layers
    std::uint64_t files = 0;      ///< bytes of the files that the image shows
    std::size_t paths = 0;
    std::size_t layers = 0;
};

/// An image for one platform. A digest is empty when that side has none.
struct ImageChanges {
    oci::Platform platform{};
    std::string before_digest{};
    std::string after_digest{};
    Sizes before{};
    Sizes after{};
    std::vector<VersionChange> packages{};        ///< by ecosystem and name
    std::vector<inspect::PathDifference> files{}; ///< left: the first image
    std::vector<inspect::Differing> config{};

    [[nodiscard]] bool is_same() const { return before_digest == after_digest; }
};

[[nodiscard]] Sizes sizes_of(const Inspection& inspection);
/// Platform by platform, those of the first image first.
[[nodiscard]] std::vector<ImageChanges>
compare(const std::vector<Inspection>& before, const std::vector<Inspection>& after);

} // namespace pare::build
