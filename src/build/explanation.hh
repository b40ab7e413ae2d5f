// SPDX-License-Identifier: Apache-2.0
// Where a path or a package of an image comes from, and why it is there: for `pare explain`.
#pragma once

#include "build/inspection.hh"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::build {

/// Something that a layer does to a path.
struct Appearance {
    std::size_t layer = 0; ///< counted from the lowest, from 0
    bool removes = false;  ///< else it brings it

    bool operator==(const Appearance&) const = default;
};

/// Indexes are those of the inspection's document.
struct PackageExplanation {
    std::size_t package = 0;
    /// The shortest way from a package that no other needs, or that was asked for, to this one;
    /// only itself when it is such a one. Empty when its dependents need each other in a circle.
    std::vector<std::size_t> chain{};
    std::vector<std::size_t> dependents{};
    std::vector<ImagePath> files{}; ///< in the image
    std::uint64_t bytes = 0;
    /// Files of others that use its files: by their headers, by their first lines.
    std::vector<Use> used{};
};

struct PathExplanation {
    ImagePath path{};
    /// In the order of the layers; the last one decides. Directories that a layer hides with all
    /// that is in them count for each path below.
    std::vector<Appearance> appearances{};
    bool is_there = false;
    std::optional<ImagePath> leads_to{}; ///< of a symlink: the end of all links; nothing: nowhere
    std::optional<PackageExplanation> package{}; ///< of the path, or of where it leads
    std::vector<Use> libraries{};                ///< who loads it
    std::vector<Use> scripts{};                  ///< whose interpreter it is
    std::vector<ImagePath> links{};              ///< symlinks and hard links that are or lead to it
    std::vector<ImagePath> programs{}; ///< programs that come to load it, over other libraries
    bool is_started = false;           ///< by the image's entrypoint or command
};

[[nodiscard]] PackageExplanation explain_package(const Inspection& image, std::size_t package);
/// Links among the directories of the path are followed. Nothing when no layer ever had it.
[[nodiscard]] std::optional<PathExplanation>
explain_path(const Inspection& image, const ImagePath& named);

/// All packages of that name.
[[nodiscard]] std::vector<std::size_t>
find_packages(const Inspection& image, std::string_view name);

} // namespace pare::build
