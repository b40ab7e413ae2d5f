// SPDX-License-Identifier: Apache-2.0
#include "definition/merged.hh"

#include "definition/values.hh"

#include <algorithm>

namespace pare::definition {

namespace {

template <typename Value>
void append(std::vector<Value>& all, const std::vector<Value>& more) {
    all.insert(all.end(), more.begin(), more.end());
}

/// Without what another key says.
void append_written(std::vector<PackageRequest>& all, const std::vector<PackageRequest>& more) {
    for (const PackageRequest& request : more) {
        if (!request.implied) {
            all.push_back(request);
        }
    }
}

void append_new(std::vector<std::string>& all, const std::vector<std::string>& more) {
    for (const std::string& one : more) {
        if (std::find(all.begin(), all.end(), one) == all.end()) {
            all.push_back(one);
        }
    }
}

void replace(
    std::map<std::string, std::string>& all, const std::map<std::string, std::string>& by) {
    for (const auto& [name, value] : by) {
        all[name] = value;
    }
}

template <typename Value>
void replace(std::optional<Value>& one, const std::optional<Value>& by) {
    if (by) {
        one = by;
    }
}

/// What a later step leaves out stays in when an earlier one brought it, and what it asks for comes
/// in even if an earlier one left it out; so in one definition a request wins.
void drop_overruled(std::vector<PackageRequest>& packages) {
    std::vector<std::string> wanted;
    for (const PackageRequest& request : packages) {
        if (!request.excluded) {
            wanted.push_back(request.name);
        }
    }
    std::erase_if(packages, [&](const PackageRequest& request) {
        return request.excluded &&
               std::find(wanted.begin(), wanted.end(), request.name) != wanted.end();
    });
}

} // namespace

Step merged(const Chain& chain) {
    Step all;
    if (chain.base_image.empty() && chain.steps.front().repositories.empty()) {
        all.repositories.push_back(chain.distribution);
    }
    for (const Step& step : chain.steps) {
        append_new(all.repositories, step.repositories);
        append_new(all.keyring, step.keyring);
        append_written(all.packages, step.packages);
        append(all.slices, step.slices);
        append_new(all.missing_libraries, step.missing_libraries);
        append(all.archives, step.archives);
        append(all.files, step.files);
        append(all.paths, step.paths);
        append(all.users, step.users);
        append(all.groups, step.groups);
        replace(all.app, step.app);
        replace(all.run_as, step.run_as);
        replace(all.entrypoint, step.entrypoint);
        // A new entrypoint makes the arguments of the old one meaningless.
        if (step.entrypoint) {
            all.cmd.reset();
        }
        replace(all.cmd, step.cmd);
        replace(all.work_dir, step.work_dir);
        replace(all.stop_signal, step.stop_signal);
        replace(all.environment, step.environment);
        replace(all.annotations, step.annotations);
        replace(all.os_release, step.os_release);
        replace(all.timezone, step.timezone);
        replace(all.zoneinfo, step.zoneinfo);
        append_new(all.locales, step.locales);
        append_new(all.volumes, step.volumes);
        append_new(all.ports, step.ports);
        replace(all.healthcheck, step.healthcheck);
        if (step.layer_budget) {
            all.layer_budget =
                std::min(all.layer_budget.value_or(0) + *step.layer_budget, kMostLayers);
        }
    }
    drop_overruled(all.packages);
    return all;
}

} // namespace pare::definition
