// SPDX-License-Identifier: Apache-2.0
#include "build/cut_jobs.hh"

#include "finish/finisher.hh"

#include <fmt/core.h>

#include <algorithm>
#include <span>
#include <utility>

namespace pare::build {

namespace {

void add_patterns(
    std::vector<std::string>& globs, std::span<const finish::PackagePattern> patterns,
    const std::string& package) {
    for (const finish::PackagePattern& pattern : patterns) {
        if (pattern.package == "*" || pattern.package == package) {
            globs.emplace_back(pattern.glob);
        }
    }
}

/// A cut has one set of globs and one place to put the files.
void refuse_second_part(const definition::Step& step) {
    for (const definition::PackageRequest& request : step.packages) {
        if (request.include.empty()) {
            continue;
        }
        const auto named = std::ranges::count_if(step.packages, [&](const auto& other) {
            return other.name == request.name && !other.excluded && !other.implied;
        });
        if (named > 1) {
            throw Error(
                ErrorKind::definition,
                fmt::format(
                    "{} is asked for twice, and 'include' takes a part of it", request.name),
                "name all files in the 'include' of one entry, or write slices for them")
                .at(request.where);
        }
    }
}

/// What the step itself says, without what that needs.
WantedSlices named_slices(const StepNode& node) {
    refuse_second_part(node.step);
    WantedSlices wanted;
    for (const definition::PackageRequest& request : node.step.packages) {
        if (!request.excluded) {
            // Who gives globs of his own chooses from all files.
            const bool has_globs = request.slice.empty() && !request.include.empty();
            wanted[request.name].insert(has_globs ? std::string(cut::kAllSlice) : request.slice);
        }
    }
    return wanted;
}

/// The package that the step itself brings; null for another.
const package::LockedPackage* find_here(const StepNode& node, const std::string& name) {
    const auto& packages = node.locked.packages;
    const auto found = std::ranges::find(packages, name, &package::LockedPackage::name);
    return found == packages.end() ? nullptr : &*found;
}

/// The package of the node's parents, nearest first; null when none has it.
const package::LockedPackage* find_below(const StepNode& node, const std::string& name) {
    const package::LockedPackage* found = nullptr;
    for (const StepNode* below = node.parent; below != nullptr && found == nullptr;
         below = below->parent) {
        found = find_here(*below, name);
    }
    return found;
}

/// What is wanted of a package; of one that nothing says anything of, what its name stands for.
std::set<std::string> wanted_of(const WantedSlices& wanted, const std::string& package) {
    const auto found = wanted.find(package);
    return found == wanted.end() ? std::set<std::string>{""} : found->second;
}

/// The request by which the step takes less of a package than its slices: globs of its own, or
/// single locales. Null when it takes the slices.
const definition::PackageRequest* find_part(const StepNode& node, const std::string& package) {
    const definition::PackageRequest* part = nullptr;
    for (const definition::PackageRequest& request : node.step.packages) {
        if (request.name != package || request.excluded) {
            continue;
        }
        if (!request.implied) {
            // Who names the package chooses from all of it.
            return request.include.empty() ? nullptr : &request;
        }
        if (!request.locales.empty()) {
            part = &request;
        }
    }
    return part;
}

bool is_moved(const definition::PackageRequest& part) {
    return part.strip > 0 || !part.to.empty();
}

bool has(const std::vector<cut::Slice>& slices, const cut::Slice& slice) {
    return std::ranges::find(slices, slice) != slices.end();
}

/// What the node's parents have of a package, in its own places.
struct Below {
    std::vector<cut::Slice> slices{}; ///< together; of some only a part may be there
    std::vector<cut::Slice> whole{};  ///< those that are there with all their files
};

Below find_slices_below(const StepNode& node, const std::string& package) {
    Below all;
    for (const StepNode* below = node.parent; below != nullptr; below = below->parent) {
        const WantedSlices wanted = wanted_slices(*below, below->locked.packages);
        if (!wanted.contains(package) && find_here(*below, package) == nullptr) {
            continue;
        }
        const definition::PackageRequest* part = find_part(*below, package);
        if (part != nullptr && !part->include.empty()) {
            // Where no slice could say what they took, nothing is said to be there.
            if (!is_moved(*part) && part->slice.empty()) {
                all.slices.push_back({.name = "part", .include = part->include});
            }
            continue;
        }
        for (const cut::Slice& slice :
             cut::slices_of(*below->slices, package, wanted_of(wanted, package))) {
            if (!has(all.slices, slice)) {
                all.slices.push_back(slice);
            }
            if (part == nullptr) {
                all.whole.push_back(slice);
            }
        }
    }
    return all;
}

CutJob job_of(
    const StepNode& node, const package::LockedPackage& package,
    const std::set<std::string>& slices) {
    CutJob job{.package = package};
    job.selection.slices = cut::slices_of(*node.slices, package.name, slices);
    if (const definition::PackageRequest* part = find_part(node, package.name)) {
        job.selection.include = part->include;
        job.selection.locales = part->locales;
        job.selection.strip = part->strip;
        job.selection.to = part->to;
    }
    for (const finish::Finisher& finisher : finish::finishers()) {
        add_patterns(job.selection.reads, finisher.reads, package.name);
        if (finisher.wanted == nullptr || finisher.wanted(node.step)) {
            add_patterns(job.selection.leave_out, finisher.makes, package.name);
        }
    }
    return job;
}

/// A job for further slices of a package that the parents have.
void add_extension(
    std::vector<CutJob>& jobs, const StepNode& node, const std::string& package,
    const std::set<std::string>& slices) {
    const package::LockedPackage* found = find_below(node, package);
    if (found == nullptr && slices == std::set<std::string>{""}) {
        return; // a virtual package, or one of the base image
    }
    if (found == nullptr) {
        throw Error(
            ErrorKind::definition,
            fmt::format(
                "{}: nothing brings {}, of which a slice is wanted", node.step.name, package),
            fmt::format("add {} to contents.packages", package));
    }
    CutJob job = job_of(node, *found, slices);
    const Below below = find_slices_below(node, package);
    const definition::PackageRequest* part = find_part(node, package);
    const bool stays = part == nullptr || !is_moved(*part);
    const bool is_there = std::ranges::all_of(job.selection.slices, [&](const cut::Slice& slice) {
        return has(below.whole, slice) || has(below.whole, cut::everything());
    });
    if (stays && is_there) {
        return;
    }
    // What the parents have stays there, and in the list of the package's files.
    job.selection.below = below.slices;
    jobs.push_back(std::move(job));
}

} // namespace

WantedSlices
wanted_slices(const StepNode& node, const std::vector<package::LockedPackage>& packages) {
    const WantedSlices named = named_slices(node);
    WantedSlices wanted = named;
    std::vector<cut::SliceName> queue;
    for (const auto& [package, slices] : named) {
        for (const std::string& slice : slices) {
            queue.push_back({package, slice});
        }
    }
    for (const package::LockedPackage& package : packages) {
        if (!named.contains(package.name)) {
            queue.push_back({package.name, ""});
        }
    }
    for (std::size_t i = 0; i < queue.size(); ++i) {
        const cut::SliceName name = queue[i];
        for (const cut::Slice& slice : cut::slices_of(*node.slices, name.package, {name.slice})) {
            for (const cut::SliceName& need : slice.needs) {
                if (wanted[need.package].insert(need.slice).second) {
                    queue.push_back(need);
                }
            }
        }
    }
    // A package that another one's slice needs a part of still comes as its own name says.
    for (const package::LockedPackage& package : packages) {
        if (const auto found = wanted.find(package.name);
            found != wanted.end() && !named.contains(package.name)) {
            found->second.insert("");
        }
    }
    return wanted;
}

std::optional<std::string> left_out_by_slices(
    const StepNode& node, const WantedSlices& wanted, const std::string& package,
    const package::Alternatives& dependency) {
    const std::vector<cut::Slice> slices =
        cut::slices_of(*node.slices, package, wanted_of(wanted, package));
    const bool needless = std::ranges::all_of(slices, [&](const cut::Slice& slice) {
        return std::ranges::all_of(dependency, [&](const package::Relation& relation) {
            return std::ranges::find(slice.without, relation.name) != slice.without.end();
        });
    });
    return needless ? std::optional<std::string>("only files that its slices leave out need it")
                    : std::nullopt;
}

std::vector<CutJob> cut_jobs(const StepNode& node) {
    const WantedSlices wanted = wanted_slices(node, node.locked.packages);
    std::vector<CutJob> jobs;
    for (const package::LockedPackage& package : node.locked.packages) {
        jobs.push_back(job_of(node, package, wanted_of(wanted, package.name)));
    }
    for (const auto& [name, slices] : wanted) {
        if (find_here(node, name) == nullptr) {
            add_extension(jobs, node, name, slices);
        }
    }
    return jobs;
}

std::vector<ArchiveJob> archive_jobs(const StepNode& node) {
    std::vector<ArchiveJob> jobs;
    for (std::size_t i = 0; i < node.locked.archives.size(); ++i) {
        const definition::ArchiveRequest& request = node.step.archives.at(i);
        jobs.push_back(
            {.archive = node.locked.archives[i],
             .selection = {.strip = request.strip, .include = request.include, .to = request.to}});
    }
    return jobs;
}

} // namespace pare::build
