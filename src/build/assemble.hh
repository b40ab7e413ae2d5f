// SPDX-License-Identifier: Apache-2.0
// The fourth stage: the cuts of a step are merged into its parent's tree, the user's files and the
// work of the finishers come on top, and all that the step brought is divided into layers.
#pragma once

#include "build/cutting.hh"
#include "finish/finisher.hh"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pare::build {

/// ELF files by path.
using ElfFiles = std::map<ImagePath, std::shared_ptr<const elf::Elf>>;

/// Who brought an origin of the tree, and so has the bytes of its files. One of the three is set.
struct Bringer {
    CutPtr cut{};
    std::shared_ptr<const std::map<ImagePath, Bytes>> made{};
    std::shared_ptr<const ElfFiles> base{}; ///< of a base image, whose bytes nobody has
};

/// What goes into one layer.
struct LayerPlan {
    std::string created_by{};
    std::vector<CutPtr> cuts{};
    std::vector<finish::Generated> generated{}; ///< in ImagePath order
};

/// The image after a step.
struct StepState {
    tree::Tree tree{};
    std::vector<Bringer> bringers{}; ///< by origin of the tree
    std::vector<definition::User> users{};
    std::vector<definition::Group> groups{};
    std::int64_t date = 0;           ///< of the newest package so far
    std::vector<LayerPlan> layers{}; ///< of this step only
    std::size_t layers_below = 0;    ///< of its parents

    /// What the ELF file at that path says of itself; null for others.
    [[nodiscard]] const elf::Elf* elf_at(const ImagePath& path) const;
};

/// `parent` is the state of the node's parent, of its base image, or an empty one.
[[nodiscard]] StepState assemble(
    const StepNode& node, const StepState& parent, const Options& options, const Tools& tools,
    Cutting& cutting);

} // namespace pare::build
