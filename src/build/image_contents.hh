// SPDX-License-Identifier: Apache-2.0
// What is in an image that somebody else made (or pare did earlier): its merged entries and the
// packages it declares. For `from:` an image, and for `show`.
#pragma once

#include "oci/read.hh"
#include "tree/entry.hh"

#include <map>
#include <string>
#include <vector>

namespace pare::build {

/// A package that an image says it holds, in dpkg's status or status.d.
struct DeclaredPackage {
    std::string name{};
    std::string version{};
    std::string architecture{};
    std::string source{};
    std::vector<ImagePath> files{}; ///< from its md5sums; empty when there are none
};

struct ImageContents {
    std::map<ImagePath, tree::Entry> entries{};
    std::vector<DeclaredPackage> packages{};
};

/// Reads all layers, lower ones first, with whiteouts (OCI image specification, layer.md). Nothing
/// is unpacked. Throws ErrorKind::refused for what no image should hold.
[[nodiscard]] ImageContents read_contents(const oci::ImageReader& reader, const oci::Image& image);

} // namespace pare::build
