// SPDX-License-Identifier: Apache-2.0
// The stages between a plan and its images, shared by `build` and `show`.
#pragma once

#include "build/assemble.hh"
#include "build/plan.hh"

#include <map>
#include <vector>

namespace pare::build {

/// Wall time of stages, in the order in which they began.
class StageClock {
public:
    /// Runs `work` and counts its time for `stage`.
    template <typename Work>
    auto time(Stage stage, Work&& work) {
        struct Stop {
            StageClock& clock;
            Stage stage;
            std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();

            ~Stop() { clock.add(stage, std::chrono::steady_clock::now() - start); }
        };

        const Stop stop{*this, stage};
        return work();
    }

    [[nodiscard]] const std::vector<StageTime>& times() const { return times_; }

private:
    void add(Stage stage, std::chrono::nanoseconds time);

    std::vector<StageTime> times_;
};

/// A plan whose steps all have their packages.
[[nodiscard]] Plan resolve_plan(const Options& options, const Tools& tools, StageClock& clock);

/// The states after each step that leads to these targets.
[[nodiscard]] std::map<const StepNode*, StepState> assemble_targets(
    const std::vector<const Target*>& targets, const Options& options, const Tools& tools,
    Cutting& cutting, StageClock& clock);

/// All packages of the chain, root first.
[[nodiscard]] std::vector<package::LockedPackage> packages_of(const Target& target);
/// All archives of the chain, root first.
[[nodiscard]] std::vector<package::LockedArchive> archives_of(const Target& target);

} // namespace pare::build
