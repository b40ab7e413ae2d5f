// SPDX-License-Identifier: Apache-2.0
#include "build/pipeline.hh"

#include "build/base_image.hh"
#include "build/resolve.hh"

#include <algorithm>
#include <set>
#include <utility>

namespace pare::build {

void StageClock::add(Stage stage, std::chrono::nanoseconds time) {
    const auto known = std::find_if(
        times_.begin(), times_.end(), [&](const StageTime& each) { return each.stage == stage; });
    if (known == times_.end()) {
        times_.push_back({stage, time});
    } else {
        known->time += time;
    }
}

Plan resolve_plan(const Options& options, const Tools& tools, StageClock& clock) {
    return clock.time(Stage::index, [&] {
        Plan plan = make_plan(options.request, tools, options.locks);
        if (options.locks.empty()) {
            Resolver(options.request, tools).resolve(plan);
        } else {
            apply_lock(plan, options.locks);
        }
        return plan;
    });
}

std::map<const StepNode*, StepState> assemble_targets(
    const std::vector<const Target*>& targets, const Options& options, const Tools& tools,
    Cutting& cutting, StageClock& clock) {
    std::vector<const StepNode*> nodes;
    std::set<const StepNode*> known;
    for (const Target* target : targets) {
        for (const StepNode* node : path_to(target->last)) {
            if (known.insert(node).second) {
                nodes.push_back(node);
            }
        }
    }
    // From here no package is used that was not verified against the lock.
    clock.time(Stage::cut, [&] { cutting.make_all(nodes); });
    return clock.time(Stage::finish, [&] {
        std::map<const StepNode*, StepState> states;
        for (const StepNode* node : nodes) {
            const Activity activity(tools.events, Stage::finish, node->step.name);
            const StepState parent = node->parent != nullptr ? states.at(node->parent)
                                     : node->base != nullptr ? node->base->state()
                                                             : StepState{};
            states.emplace(node, assemble(*node, parent, options, tools, cutting));
        }
        return states;
    });
}

std::vector<package::LockedPackage> packages_of(const Target& target) {
    std::vector<package::LockedPackage> packages;
    for (const StepNode* node : path_to(target.last)) {
        packages.insert(packages.end(), node->locked.packages.begin(), node->locked.packages.end());
    }
    return packages;
}

std::vector<package::LockedArchive> archives_of(const Target& target) {
    std::vector<package::LockedArchive> archives;
    for (const StepNode* node : path_to(target.last)) {
        archives.insert(archives.end(), node->locked.archives.begin(), node->locked.archives.end());
    }
    return archives;
}

} // namespace pare::build
