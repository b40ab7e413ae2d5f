// SPDX-License-Identifier: Apache-2.0
// What differs between two layers that should be the same, down to the files in them.
#pragma once

#include "inspect/filesystem.hh"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pare::inspect {

/// One thing that differs, in words: `mode`, `0755`, `0644`. Both values are empty where they say
/// nothing to people.
struct Differing {
    std::string what{};
    std::string left{};
    std::string right{};

    bool operator==(const Differing&) const = default;
};

enum class Side { both, left, right };

struct PathDifference {
    std::string path{};      ///< absolute
    Side where = Side::both; ///< a path that is only on one side
    std::vector<Differing> differing{};
};

/// All paths at which the layers are not the same, in order. Their contents must have been asked
/// for. Times count.
[[nodiscard]] std::vector<PathDifference> compare_layers(const Layer& left, const Layer& right);

/// Likewise of what two images show; a file is the same under whichever of its names.
[[nodiscard]] std::vector<PathDifference>
compare_filesystems(const Filesystem& left, const Filesystem& right);

/// Opens the tar of a layer, from its beginning.
using OpenTar = std::function<std::unique_ptr<Source>()>;

/// Reads two layers and compares them. Where all their entries are the same but the tars are not,
/// the first thing in which these differ is told: the order of the members, or their headers.
/// `name` is for messages. Throws what read_layer() throws.
[[nodiscard]] std::vector<PathDifference>
compare_tars(const OpenTar& left, const OpenTar& right, const std::string& name);

} // namespace pare::inspect
