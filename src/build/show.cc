// SPDX-License-Identifier: Apache-2.0
#include "build/build.hh"
#include "build/config.hh"
#include "build/image_source.hh"
#include "build/layers.hh"
#include "build/pipeline.hh"
#include "build/resolve.hh"
#include "inspect/contents.hh"
#include "solve/explain.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pare::build {

namespace {

std::string origin_name(const tree::Origin& origin) {
    switch (origin.kind) {
    case tree::OriginKind::package:
    case tree::OriginKind::archive:
    case tree::OriginKind::finisher:
    case tree::OriginKind::user:
        return origin.name;
    case tree::OriginKind::base:
        break;
    }
    return "";
}

Shown show_target(const Target& target, const StepState& state, oci::Image image) {
    Shown shown{
        .name = fmt::format("{}:{} {}", target.name, target.variant, target.architecture),
        .image = std::move(image)};
    std::map<std::string, std::uint64_t> sizes;
    for (const auto& [path, node] : state.tree.nodes()) {
        const std::string origin = origin_name(state.tree.origins()[node.origin]);
        shown.files.push_back({node.entry, origin});
        sizes[origin] += node.entry.type == tree::EntryType::file ? node.entry.size : 0;
    }
    for (const package::LockedPackage& package : packages_of(target)) {
        shown.packages.push_back(
            {.name = package.name,
             .version = package.version,
             .architecture = package.architecture,
             .source = package.source,
             .reason = package.reason,
             .installed_bytes = sizes[package.name]});
    }
    for (const package::LockedArchive& archive : archives_of(target)) {
        shown.packages.push_back(
            {.name = archive.name,
             .version = archive.version,
             .architecture = target.architecture,
             .reason = "archive " + archive.url,
             .installed_bytes = sizes[archive.name]});
    }
    return shown;
}

std::vector<Shown>
show_definition(const std::string& reference, const Request& request, const Tools& tools) {
    Options options{.request = request};
    options.request.definitions = {reference};
    StageClock clock;
    const Plan plan = resolve_plan(options, tools, clock);
    std::vector<const Target*> targets;
    targets.reserve(plan.targets.size());
    for (const Target& target : plan.targets) {
        targets.push_back(&target);
    }
    Cutting cutting(options, tools);
    const auto states = assemble_targets(targets, options, tools, cutting, clock);
    const auto layers = make_layers(states, options.compression, tools);
    std::vector<Shown> shown;
    shown.reserve(plan.targets.size());
    for (const Target& target : plan.targets) {
        shown.push_back(
            show_target(target, states.at(target.last), make_image(target, states, layers, tools)));
    }
    return shown;
}

Shown show_image(
    const std::string& reference, const oci::ImageReader& reader, const oci::ImageEntry& entry) {
    const inspect::ImageContents contents = inspect::read_contents(reader, entry.image);
    std::map<ImagePath, std::string> owners;
    Shown shown{
        .name = fmt::format("{} {}", reference, entry.image.platform.architecture),
        .image = entry.image};
    for (const inspect::DeclaredPackage& package : contents.packages) {
        std::uint64_t bytes = 0;
        for (const ImagePath& path : package.files) {
            owners.emplace(path, package.name);
            const auto file = contents.entries.find(path);
            bytes += file == contents.entries.end() ? 0 : file->second.size;
        }
        shown.packages.push_back(
            {.name = package.name,
             .version = package.version,
             .architecture = package.architecture,
             .source = package.source,
             .installed_bytes = bytes});
    }
    for (const auto& [path, item] : contents.entries) {
        const auto owner = owners.find(path);
        shown.files.push_back({item, owner == owners.end() ? "" : owner->second});
    }
    return shown;
}

} // namespace

std::vector<Shown> show(const std::string& reference, const Request& request, const Tools& tools) {
    if (!names_image(reference)) {
        return show_definition(reference, request, tools);
    }
    const oci::ImageReader reader(open_content(oci::parse_image_reference(reference), tools));
    std::vector<Shown> shown;
    for (const oci::ImageEntry& entry : reader.images()) {
        if (is_wanted(entry, request.archs)) {
            shown.push_back(show_image(reference, reader, entry));
        }
    }
    return shown;
}

std::vector<std::string>
why(const std::string& definition, const std::string& package, const Request& request,
    const Tools& tools) {
    Request one = request;
    one.definitions = {definition};
    Plan plan = make_plan(one, tools);
    Resolver resolver(one, tools);
    resolver.resolve(plan);
    const std::vector<const StepNode*> path = path_to(plan.targets.front().last);
    for (const StepNode* node : path) {
        const auto& packages = node->locked.packages;
        const bool here =
            std::any_of(packages.begin(), packages.end(), [&](const package::LockedPackage& each) {
                return each.name == package;
            });
        if (here || node == path.back()) {
            const solve::Solution solution = resolver.solve_node(*node);
            const package::Universe& universe = resolver.universe_of(*node);
            std::vector<std::string> chain = here ? solve::why(universe, solution, package)
                                                  : solve::why_not(universe, solution, package);
            chain.insert(
                chain.begin(), fmt::format("{} ({})", node->step.name, node->architecture));
            return chain;
        }
    }
    return {};
}

} // namespace pare::build
