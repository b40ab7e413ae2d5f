// SPDX-License-Identifier: Apache-2.0
// What must hold for an image to move from one base to another: values in, findings out.
#pragma once

#include "inspect/filesystem.hh"
#include "oci/image.hh"

#include <memory>
#include <string>
#include <vector>

namespace pare::build {

/// The checks of a rebase, in their order.
enum class RebaseCheck {
    base,      ///< the old base is known, and the image's layers begin with its layers
    platform,  ///< both bases have the image's platform
    overlap,   ///< the image's own layers and the change of the base do not meet
    libraries, ///< what ELF files of the image need is there
    programs,  ///< what the image starts, and what its links and scripts lead to, is there
    accounts,  ///< the user that the image runs as is the same
    config,    ///< the configurations can be merged
};

/// A reason not to rebase.
struct Refusal {
    RebaseCheck check = RebaseCheck::base;
    std::string message{};
    std::string hint{};
};

struct Findings {
    std::vector<Refusal> refusals{};
    std::vector<std::string> notes{}; ///< what is worth knowing and no reason to refuse
};

using LayerPtr = std::shared_ptr<const inspect::Layer>;

/// Holds the image's own layers (lowest first) against what differs between the bases.
/// - A path of both bases that a layer replaces must be the same in both (all but its times).
/// - A path that only the new base has must not be in a layer; two directories are one when owner
///   and mode agree.
/// - A directory in which own files stand must still be there: what reads it went with it.
/// - What a layer removes stays removed; a path that only the new base has is not removed unseen.
[[nodiscard]] Findings check_overlap(
    const inspect::Filesystem& old_base, const inspect::Filesystem& new_base,
    const std::vector<LayerPtr>& own);

/// An image before or after the move.
struct Side {
    const inspect::Filesystem& files; ///< base and own layers
    const oci::RunConfig& config;
    std::size_t base_layers = 0;
};

/// What the image needs of its base: nothing that is there before may be missing after.
[[nodiscard]] Findings
check_libraries(const Side& before, const Side& after, const oci::Platform& platform);
[[nodiscard]] Findings check_programs(const Side& before, const Side& after);
[[nodiscard]] Findings check_accounts(const Side& before, const Side& after);

/// Whether one of the checks reads that file's bytes.
[[nodiscard]] bool read_by_checks(const ImagePath& path);

} // namespace pare::build
