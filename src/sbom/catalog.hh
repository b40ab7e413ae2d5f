// SPDX-License-Identifier: Apache-2.0
// From what is in an image to its bill of materials.
#pragma once

#include "elf/go_build_info.hh"
#include "sbom/document.hh"
#include "support/bytes.hh"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pare::sbom {

/// What an image holds, as far as it matters here.
struct ImageFiles {
    std::vector<File> files{}; ///< regular files, in the order of paths; who owns them is not said
    /// The bytes of those files for which is_of_interest(), and of Java's archives the extracts
    /// (java_archives.hh).
    std::map<ImagePath, std::shared_ptr<const Bytes>> contents{};
    /// What Go programs say of themselves.
    std::map<ImagePath, std::shared_ptr<const elf::GoBuildInfo>> go_programs{};
    /// The bytes of such a file at the end of all symlinks; null when there is none.
    std::function<const Bytes*(const ImagePath&)> content{};
};

/// Whether the bytes of that file say anything about packages.
[[nodiscard]] bool is_of_interest(const ImagePath& path);

/// What whoever built an image knows beside what is in it.
struct Knowledge {
    std::map<ImagePath, tree::Origin> origins{}; ///< of files
    /// Packages by name with URL, hash and reason; archives whole.
    std::vector<Package> packages{};
};

struct Catalog {
    Document document{};
    std::vector<std::string> unreadable{}; ///< a sentence for each database that could not be read
};

/// The document about an image: the packages that its databases declare, with licences, files and
/// what they need of each other. `knowledge` goes before what the databases say of files.
[[nodiscard]] Catalog make_document(
    const ImageFiles& image, const Knowledge& knowledge, Subject subject, std::string tool_version);

} // namespace pare::sbom
