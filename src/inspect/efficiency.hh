// SPDX-License-Identifier: Apache-2.0
// How much of its layers an image still shows: dive's figures.
#pragma once

#include "inspect/layer.hh"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace pare::inspect {

/// A path that several layers bring or remove.
struct RepeatedPath {
    ImagePath path{};
    std::uint64_t bytes = 0; ///< of all layers, the one that is seen with them
    std::size_t count = 0;   ///< how many times layers say something of it

    bool operator==(const RepeatedPath&) const = default;
};

struct Efficiency {
    double score = 1;                     ///< 1: every path is brought once
    std::uint64_t bytes = 0;              ///< files of all layers
    std::uint64_t own_bytes = 0;          ///< of all but the lowest layer
    std::uint64_t wasted = 0;             ///< of all repeated paths
    std::vector<RepeatedPath> repeated{}; ///< largest first

    /// `wasted` as a part of `own_bytes`; nothing where there is one layer, or nothing in them.
    [[nodiscard]] std::optional<double> wasted_part() const;
};

/// Of layers, lowest first.
[[nodiscard]] Efficiency measure(const std::vector<std::shared_ptr<const Layer>>& layers);

} // namespace pare::inspect
