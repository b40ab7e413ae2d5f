// SPDX-License-Identifier: Apache-2.0
// Where the libraries of a wrapped program come from: which packages have them, and which files
// these and all that they depend on could bring.
#pragma once

#include "build/build.hh"
#include "cut/cut.hh"
#include "deb/contents.hh"
#include "support/files.hh"
#include "wrap/closure.hh"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pare::build {

/// What is cut of each package to see which libraries it has; with its copyright file.
[[nodiscard]] cut::Selection libraries_of_package();

class WrapPackages {
public:
    /// `source` is for one release and one architecture. `from` is the definition that the image
    /// is built on; empty: none. Asks the repositories for the index of libraries.
    WrapPackages(
        Request source, std::string from, std::vector<std::string> repositories,
        const Tools& tools);

    /// The package whose file the loader would find for that name.
    [[nodiscard]] std::optional<std::string> find(const std::string& library) const;

    /// All libraries of these packages and of what they depend on, and of what the image is built
    /// on, as far as no entry is there yet.
    void offer(const std::set<std::string>& packages, wrap::Offer& offer);

    /// Paths that the definition has which the image is built on; filled by offer().
    [[nodiscard]] const std::set<ImagePath>& below() const { return below_; }

    /// Of a package that offer() has seen; else empty.
    [[nodiscard]] std::string version_of(const std::string& package) const;

private:
    [[nodiscard]] std::string text(const std::set<std::string>& packages) const;
    [[nodiscard]] std::vector<deb::LibraryFile> candidates_for(const std::string& library) const;
    [[nodiscard]] bool has_libraries(const std::string& package) const;

    Request source_;
    std::string from_;
    std::vector<std::string> repositories_;
    const Tools& tools_;
    std::string triplet_;
    std::vector<MappedFile> indexes_{};
    std::set<ImagePath> below_{};
    std::map<std::string, std::string> versions_{};
};

} // namespace pare::build
