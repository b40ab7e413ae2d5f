// SPDX-License-Identifier: Apache-2.0
// Steps with packages that are cut into slices, written by hand.
#pragma once

#include "build/cut_jobs.hh"
#include "fixture.hh"

#include <memory>
#include <string>
#include <vector>

namespace pare::test {

/// The slices of these packages, and the built-in ones.
inline std::shared_ptr<const cut::SliceLibrary> slices_of(const Names& files) {
    const TemporaryDirectory directory;
    for (std::size_t i = 0; i < files.size(); ++i) {
        write_file(directory.path() / (std::to_string(i) + ".yaml"), files[i]);
    }
    auto library = std::make_shared<cut::SliceLibrary>();
    library->add_directory(directory.path());
    return library;
}

/// The slices of `tool`, `helper` and `client`.
inline std::shared_ptr<const cut::SliceLibrary> sample_slices() {
    static const auto kLibrary = slices_of(
        {"package: tool\n"
         "slices:\n"
         "  runtime: {include: [usr/bin/tool], without: [perl, perl-base]}\n"
         "  extra: {include: [usr/share/tool/**]}\n"
         "  plugins: {include: [usr/lib/tool/**], needs: [tool_extra, helper_data, other]}\n",
         "package: helper\n"
         "slices:\n"
         "  runtime: {include: [usr/bin/helper]}\n"
         "  data: {include: [usr/share/helper/**]}\n",
         "package: client\n"
         "slices:\n"
         "  runtime: {include: [usr/bin/client], needs: [helper_data]}\n"});
    return kLibrary;
}

/// A step with these requests that brings these packages.
inline build::StepNode step(
    std::vector<definition::PackageRequest> requests, const Names& packages,
    const build::StepNode* parent = nullptr) {
    build::StepNode node;
    node.parent = parent;
    node.step.name = parent == nullptr ? "parent.yaml" : "child.yaml";
    node.step.packages = std::move(requests);
    node.debian_architecture = "amd64";
    node.slices = sample_slices();
    for (const std::string& package : packages) {
        node.locked.packages.push_back({.name = package, .version = "1"});
    }
    return node;
}

inline std::string names_of(const std::vector<cut::Slice>& slices) {
    std::string names;
    for (const cut::Slice& slice : slices) {
        names += " " + (slice.name.empty() ? "undocumented" : slice.name);
    }
    return names;
}

/// The jobs of a step, a line each: `tool: runtime, below: extra`.
inline Names jobs_of(const build::StepNode& node) {
    Names lines;
    for (const build::CutJob& job : build::cut_jobs(node)) {
        lines.push_back(
            job.package.name + ":" + names_of(job.selection.slices) +
            (job.selection.below.empty() ? "" : ", below:" + names_of(job.selection.below)));
    }
    return lines;
}

} // namespace pare::test
