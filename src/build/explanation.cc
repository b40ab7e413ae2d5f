// SPDX-License-Identifier: Apache-2.0
// Reasons are those that the image gives: what its package databases say of dependencies, what ELF
// files and scripts name, where links lead. Nothing is guessed: what has none of these has no
// reason here.
#include "build/explanation.hh"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <utility>

namespace pare::build {

namespace {

using sbom::Package;

std::vector<std::size_t> dependents_of(const Inspection& image, std::size_t package) {
    std::vector<std::size_t> dependents;
    const std::vector<Package>& packages = image.document.packages;
    for (std::size_t i = 0; i < packages.size(); ++i) {
        if (std::ranges::binary_search(packages[i].depends, package)) {
            dependents.push_back(i);
        }
    }
    return dependents;
}

/// Breadth first from the package up to those that stand for themselves.
std::vector<std::size_t> chain_to(const Inspection& image, std::size_t package) {
    const std::vector<Package>& packages = image.document.packages;
    std::map<std::size_t, std::size_t> below; // what each was reached from
    std::deque<std::size_t> queue{package};
    below[package] = package;
    while (!queue.empty()) {
        const std::size_t at = queue.front();
        queue.pop_front();
        const std::vector<std::size_t> dependents = dependents_of(image, at);
        if (dependents.empty() || packages[at].reason == "asked for") {
            std::vector<std::size_t> chain{at};
            while (chain.back() != package) {
                chain.push_back(below.at(chain.back()));
            }
            return chain;
        }
        for (const std::size_t dependent : dependents) {
            if (below.try_emplace(dependent, at).second) {
                queue.push_back(dependent);
            }
        }
    }
    return {};
}

bool says_removed(const inspect::Layer& layer, const ImagePath& path) {
    bool removed = layer.whiteouts.contains(path);
    for (ImagePath up = path.parent(); !removed; up = up.parent()) {
        const auto entry = layer.entries.find(up);
        const bool is_covered = entry != layer.entries.end() && !entry->second.is_directory();
        removed = is_covered || layer.whiteouts.contains(up) || layer.opaque.contains(up);
        if (up.is_root()) {
            break;
        }
    }
    return removed;
}

std::vector<Appearance> appearances_of(const Inspection& image, const ImagePath& path) {
    std::vector<Appearance> appearances;
    for (std::size_t i = 0; i < image.layers.size(); ++i) {
        if (image.layers[i]->entries.contains(path)) {
            appearances.push_back({.layer = i});
        } else if (
            !appearances.empty() && !appearances.back().removes &&
            says_removed(*image.layers[i], path)) {
            appearances.push_back({.layer = i, .removes = true});
        }
    }
    return appearances;
}

std::vector<Use> uses_of(const std::vector<Use>& all, const ImagePath& file) {
    std::vector<Use> uses;
    std::ranges::copy_if(
        all, std::back_inserter(uses), [&](const Use& use) { return use.of == file; });
    return uses;
}

/// Other names of a file.
std::vector<ImagePath> links_to(const Inspection& image, const ImagePath& file) {
    std::vector<ImagePath> links;
    for (const auto& [path, placed] : image.files.entries()) {
        const inspect::Entry& entry = *placed.entry;
        const bool is_link = entry.is_symlink() ? image.files.real_path(path.absolute()) == file
                                                : entry.type == archive::TarType::hard_link &&
                                                      entry.link == file.relative();
        if (is_link) {
            links.push_back(path);
        }
    }
    return links;
}

/// Programs that load the file by way of others.
std::vector<ImagePath> programs_over(const Inspection& image, const ImagePath& file) {
    std::multimap<ImagePath, ImagePath> users;
    for (const Use& use : image.uses.libraries) {
        users.emplace(use.of, use.by);
    }
    std::set<ImagePath> met{file};
    std::deque<ImagePath> queue{file};
    std::vector<ImagePath> programs;
    while (!queue.empty()) {
        const auto [first, last] = users.equal_range(queue.front());
        const bool is_direct = queue.front() == file;
        queue.pop_front();
        for (auto user = first; user != last; ++user) {
            const ImagePath& by = user->second;
            if (!met.insert(by).second) {
                continue;
            }
            queue.push_back(by);
            const inspect::Entry* entry = image.files.find(by);
            if (!is_direct && entry->elf && !entry->elf->interpreter.empty()) {
                programs.push_back(by);
            }
        }
    }
    std::ranges::sort(programs);
    return programs;
}

/// Where a path is in the image: links among its directories are followed, it itself is not.
ImagePath place_of(const Inspection& image, const ImagePath& path) {
    const auto directory = image.files.real_path(path.parent().absolute());
    return directory && image.files.find(path) == nullptr ? *directory / path.name() : path;
}

bool is_started(const Inspection& image, const ImagePath& file) {
    const oci::RunConfig& config = image.entry.image.config;
    const std::vector<std::string>& command =
        config.entrypoint.empty() ? config.cmd : config.entrypoint;
    return !command.empty() && find_program(image.files, config, command.front()) == file;
}

} // namespace

PackageExplanation explain_package(const Inspection& image, std::size_t package) {
    PackageExplanation explanation{
        .package = package,
        .chain = chain_to(image, package),
        .dependents = dependents_of(image, package),
        .bytes = image.package_sizes()[package]};
    for (const auto& [path, placed] : image.files.entries()) {
        if (image.package_of(path) == package) {
            explanation.files.push_back(path);
        }
    }
    for (const std::vector<Use>* uses : {&image.uses.libraries, &image.uses.scripts}) {
        for (const Use& use : *uses) {
            if (image.package_of(use.of) == package && image.package_of(use.by) != package) {
                explanation.used.push_back(use);
            }
        }
    }
    return explanation;
}

std::optional<PathExplanation> explain_path(const Inspection& image, const ImagePath& named) {
    const ImagePath path = place_of(image, named);
    PathExplanation explanation{.path = path, .appearances = appearances_of(image, path)};
    const inspect::Entry* entry = image.files.find(path);
    if (entry == nullptr && explanation.appearances.empty()) {
        return std::nullopt;
    }
    explanation.is_there = entry != nullptr;
    if (entry == nullptr) {
        return explanation;
    }
    const auto end = image.files.real_path(path.absolute());
    explanation.leads_to = entry->is_symlink() ? end : std::nullopt;
    auto package = image.package_of(path);
    package = !package && end ? image.package_of(*end) : package;
    if (package) {
        explanation.package = explain_package(image, *package);
    }
    if (end) {
        explanation.libraries = uses_of(image.uses.libraries, *end);
        explanation.scripts = uses_of(image.uses.scripts, *end);
        explanation.programs = programs_over(image, *end);
        explanation.is_started = is_started(image, *end);
    }
    explanation.links = links_to(image, path);
    return explanation;
}

std::vector<std::size_t> find_packages(const Inspection& image, std::string_view name) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < image.document.packages.size(); ++i) {
        if (image.document.packages[i].name == name) {
            found.push_back(i);
        }
    }
    return found;
}

} // namespace pare::build
