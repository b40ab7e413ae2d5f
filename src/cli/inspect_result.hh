// SPDX-License-Identifier: Apache-2.0
// What `pare inspect` says of an image.
#pragma once

#include "build/inspection.hh"
#include "support/json.hh"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pare::cli {

/// Which entries of an image are told; all conditions hold.
struct EntryFilter {
    std::string path{};                 ///< glob, or a directory; empty: any
    std::optional<std::size_t> layer{}; ///< counted from 1
    std::string package{};
    bool all = false; ///< no condition, but each entry

    /// Whether entries are listed one by one, in text.
    [[nodiscard]] bool lists() const { return all || !path.empty() || layer || !package.empty(); }
};

/// The paths that the filter picks, in order.
[[nodiscard]] std::vector<ImagePath>
pick(const build::Inspection& image, const EntryFilter& filter);

[[nodiscard]] std::string
inspection_text(const build::Inspection& image, const EntryFilter& filter);
[[nodiscard]] json::Value
inspection_json(const build::Inspection& image, const EntryFilter& filter);

/// Names of the packages that have files in that layer (from 0), sorted.
[[nodiscard]] std::vector<std::string>
packages_in_layer(const build::Inspection& image, std::size_t layer);
/// Bytes of the files of a layer.
[[nodiscard]] std::uint64_t bytes_of(const inspect::Layer& layer);

} // namespace pare::cli
