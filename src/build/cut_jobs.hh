// SPDX-License-Identifier: Apache-2.0
// What a step wants of which package: the slices that it names, those that they need, and what
// finishers read and make. And what it wants of which archive.
#pragma once

#include "build/plan.hh"
#include "cut/archive.hh"
#include "cut/cut.hh"
#include "package/package.hh"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pare::build {

/// One package of one step, as it is wanted.
struct CutJob {
    package::LockedPackage package{};
    cut::Selection selection{};
};

/// One archive of one step, likewise.
struct ArchiveJob {
    package::LockedArchive archive{};
    cut::ArchiveSelection selection{};
};

/// Names of slices by package; an empty name is what the package's name alone stands for.
using WantedSlices = std::map<std::string, std::set<std::string>>;

/// The slices that the step names and those that they need, and what `packages` need by their
/// runtime slices. Throws ErrorKind::definition when the step names a package twice and takes a
/// part of it by globs.
[[nodiscard]] WantedSlices
wanted_slices(const StepNode& node, const std::vector<package::LockedPackage>& packages);

/// Why a dependency is left out: only files that no wanted slice takes need it.
[[nodiscard]] std::optional<std::string> left_out_by_slices(
    const StepNode& node, const WantedSlices& wanted, const std::string& package,
    const package::Alternatives& dependency);

/// One job for every package of the step, and for every package of its parents of which it wants
/// further slices. Throws ErrorKind::definition for a slice of a package that is in neither.
[[nodiscard]] std::vector<CutJob> cut_jobs(const StepNode& node);

/// One job for every archive of the step, in its order.
[[nodiscard]] std::vector<ArchiveJob> archive_jobs(const StepNode& node);

} // namespace pare::build
