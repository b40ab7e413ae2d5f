// SPDX-License-Identifier: Apache-2.0
#include "build/wrap_packages.hh"

#include "build/cutting.hh"
#include "build/memory_plan.hh"
#include "build/pipeline.hh"
#include "build/resolve.hh"
#include "build/wrap_files.hh"
#include "deb/host_packages.hh"
#include "deb/sources.hh"
#include "support/yaml.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace pare::build {

namespace {

/// What the definition of this stage is called in messages.
constexpr const char* kName = "wrapped-libraries";

} // namespace

cut::Selection libraries_of_package() {
    return {.include = {"usr/lib/**.so", "usr/lib/**.so.*", "usr/lib64/**"}};
}

WrapPackages::WrapPackages(
    Request source, std::string from, std::vector<std::string> repositories, const Tools& tools)
    : source_(std::move(source)), from_(std::move(from)), repositories_(std::move(repositories)),
      tools_(tools),
      triplet_(deb::multiarch_triplet(deb::debian_architecture(source_.archs.front()))) {
    const MemoryPlan plan(kName, text({"libc6"}), source_, tools_);
    indexes_ = Resolver(source_, tools_).libraries(plan.last());
}

std::string WrapPackages::text(const std::set<std::string>& packages) const {
    std::string text = from_.empty() ? "" : fmt::format("from: {}\n", yaml::quoted(from_));
    text += "contents:\n";
    text += repositories_.empty() ? "" : "  repositories:\n";
    for (const std::string& repository : repositories_) {
        text += fmt::format("    - {}\n", yaml::quoted(repository));
    }
    text += packages.empty() ? "  packages: []\n" : "  packages:\n";
    for (const std::string& package : packages) {
        text += fmt::format("    - {}\n", yaml::quoted(package));
    }
    return text;
}

std::vector<deb::LibraryFile> WrapPackages::candidates_for(const std::string& library) const {
    std::vector<BytesView> texts;
    texts.reserve(indexes_.size());
    for (const MappedFile& index : indexes_) {
        texts.push_back(index.bytes());
    }
    std::vector<deb::LibraryFile> candidates = deb::find_libraries(texts, library);
    // Not every archive says which files its packages have; where a program was built, dpkg knows.
    if (candidates.empty() && source_.distributions.front() == host_distribution()) {
        candidates = deb::HostPackages().libraries(library);
    }
    return candidates;
}

std::optional<std::string> WrapPackages::find(const std::string& library) const {
    std::vector<deb::LibraryFile> candidates = candidates_for(library);
    const std::array<std::string, 3> usual = {
        "usr/lib/" + triplet_ + "/", "usr/lib/", "usr/lib64/"};
    // Of several, the one whose library the loader would find first, then the plainest name.
    const auto rank = [&](const deb::LibraryFile& file) {
        const std::string directory = file.path.substr(0, file.path.rfind('/') + 1);
        const auto place = std::ranges::find(usual, directory) - usual.begin();
        return std::tuple(place, file.package.size(), file.package);
    };
    std::erase_if(candidates, [&](const deb::LibraryFile& file) {
        return !file.path.starts_with(usual[0]) && std::get<0>(rank(file)) == std::ssize(usual);
    });
    return candidates.empty() ? std::nullopt
                              : std::optional(std::ranges::min(candidates, {}, rank).package);
}

void WrapPackages::offer(const std::set<std::string>& packages, wrap::Offer& offer) {
    MemoryPlan plan(kName, text(packages), source_, tools_);
    plan.resolve();
    std::vector<CutJob> jobs;
    for (const package::LockedPackage& package : packages_of(plan.target())) {
        versions_[package.name] = package.version;
        if (packages.contains(package.name) || has_libraries(package.name)) {
            jobs.push_back({.package = package, .selection = libraries_of_package()});
        }
    }
    const Options options{
        .request = source_, .compression = {.codec = archive::Codec::none, .level = 0}};
    Cutting cutting(options, tools_);
    cutting.make_all(jobs);
    for (const CutJob& job : jobs) {
        for (const cut::Item& item : cutting.cut(job)->cut.items) {
            const bool is_link = item.entry.type == tree::EntryType::symlink;
            if (is_link || item.elf) {
                offer.try_emplace(
                    item.entry.path, wrap::Offered{
                                         .package = job.package.name,
                                         .link = item.entry.link,
                                         .elf = item.elf.value_or(elf::Elf()),
                                         .size = item.entry.size});
            }
        }
    }
    std::vector<const StepNode*> nodes = path_to(plan.target().last);
    nodes.pop_back();
    cutting.make_all(nodes);
    for (const StepNode* node : nodes) {
        for (const CutJob& job : cut_jobs(*node)) {
            for (const cut::Item& item : cutting.cut(job)->cut.items) {
                below_.insert(item.entry.path);
            }
        }
    }
}

bool WrapPackages::has_libraries(const std::string& package) const {
    const std::string end = "\t" + package + "\n";
    return indexes_.empty() || std::ranges::any_of(indexes_, [&](const MappedFile& index) {
               return index.bytes().find(end) != BytesView::npos;
           });
}

std::string WrapPackages::version_of(const std::string& package) const {
    const auto version = versions_.find(package);
    return version == versions_.end() ? "" : version->second;
}

} // namespace pare::build
