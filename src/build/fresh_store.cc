// SPDX-License-Identifier: Apache-2.0
// Indexes of repositories are shared with the other store: they are signed, and verified at each
// use.
#include "build/fresh_store.hh"

#include <filesystem>
#include <system_error>
#include <utility>

namespace pare::build {

namespace {

namespace fs = std::filesystem;

std::set<std::string> files_of(const package::Lock& lock) {
    std::set<std::string> files;
    for (const auto& [architecture, steps] : lock.architectures) {
        for (const package::LockedStep& step : steps) {
            for (const package::LockedPackage& package : step.packages) {
                files.insert(package.sha256);
            }
            for (const package::LockedArchive& archive : step.archives) {
                files.insert(archive.sha256);
            }
        }
    }
    return files;
}

/// Makes room for a store whose indexes are those of `other`.
fs::path prepare(const fs::path& root, const store::Store& other) {
    fs::create_directory_symlink(fs::absolute(other.indexes()), root / "indexes");
    return root;
}

void hand_over(store::Store& from, store::Store& to, const std::string& package) {
    constexpr store::Kind kKind = store::Kind::package;
    if (!from.has(kKind, package) || to.has(kKind, package)) {
        return;
    }
    const fs::path place = to.path(kKind, package);
    make_directories(place.parent_path());
    std::error_code problem;
    fs::create_hard_link(from.path(kKind, package), place, problem);
    if (problem) {
        FileSource source(from.path(kKind, package));
        AtomicFile copy = to.create(kKind);
        copy_all(source, copy);
        to.keep(std::move(copy), kKind, package);
    }
}

} // namespace

FreshStore::FreshStore(const Tools& tools, const package::Lock& lock)
    : tools_(tools), directory_(tools.store.root()), packages_(files_of(lock)),
      store_(prepare(directory_.path(), tools.store)) {
    for (const std::string& package : packages_) {
        hand_over(tools_.store, store_, package);
    }
}

Tools FreshStore::tools(const definition::Library& library) {
    return {
        .clock = tools_.clock,
        .events = tools_.events,
        .client = tools_.client,
        .registries = tools_.registries,
        .store = store_,
        .pool = tools_.pool,
        .library = library,
        .stop = tools_.stop};
}

void FreshStore::give_back() {
    for (const std::string& package : packages_) {
        hand_over(store_, tools_.store, package);
    }
}

} // namespace pare::build
