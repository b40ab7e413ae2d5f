// SPDX-License-Identifier: Apache-2.0
#include "build/cutting.hh"

#include "build/part_writer.hh"
#include "build/resolve.hh"
#include "support/digest.hh"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pare::build {

namespace {

void stop_if_asked(const std::stop_token& stop) {
    if (stop.stop_requested()) {
        throw Error(ErrorKind::interrupted, "interrupted");
    }
}

std::string label(const package::LockedPackage& package) {
    return package.name + " " + package.version;
}

void verify(BytesView deb, const package::LockedPackage& package) {
    if (const std::string found = hash_hex(deb); found != package.sha256) {
        throw Error(
            ErrorKind::refused,
            fmt::format(
                "{}: the package in the store has SHA-256 {} instead of {}", label(package), found,
                package.sha256),
            "the file is damaged; remove it with: pare cache prune --older-than 0");
    }
}

} // namespace

StoredCut::StoredCut(std::string part_key, cut::Cut of)
    : key(std::move(part_key)), cut(std::move(of)) {
    for (std::size_t i = 0; i < cut.items.size(); ++i) {
        index.emplace(cut.items[i].entry.path, i);
    }
}

const cut::Item* StoredCut::find(const ImagePath& path) const {
    const auto known = index.find(path);
    return known == index.end() ? nullptr : &cut.items[known->second];
}

Cutting::Cutting(const Options& options, const Tools& tools) : options_(options), tools_(tools) {}

bool Cutting::is_complete(const std::string& key) const {
    const store::Store& store = tools_.store;
    return store.has(store::Kind::manifest, key) && store.has(store::Kind::part, key) &&
           store.has(store::Kind::member, member_key(key, options_.compression));
}

void Cutting::make_all(const std::vector<const StepNode*>& nodes) {
    std::map<std::string, CutJob> jobs;
    for (const StepNode* node : nodes) {
        for (CutJob& job : cut_jobs(*node)) {
            std::string key = cut::cut_key(job.package.sha256, job.selection);
            if (!is_complete(key)) {
                jobs.emplace(std::move(key), std::move(job));
            }
        }
    }
    if (!jobs.empty()) {
        fetch_and_make(std::move(jobs));
    }
}

void Cutting::fetch_and_make(std::map<std::string, CutJob> jobs) {
    store::Store& store = tools_.store;
    const deb::Mirror mirror = mirror_for(
        options_.request.distributions.empty() ? "debian:13"
                                               : options_.request.distributions.front(),
        options_.request);
    TaskGroup group(tools_.pool);
    std::vector<net::Transfer> transfers;
    std::vector<std::vector<std::string>> waiting; ///< per transfer: keys of the cuts to make
    std::map<std::string, std::size_t> transfer_of;
    std::uint64_t bytes = 0;
    for (const auto& [key, job] : jobs) {
        bytes += job.package.size;
        if (store.has(store::Kind::package, job.package.sha256)) {
            group.run(job.package.size, [this, &key, &job] { make(job, key, Trust::from_store); });
            continue;
        }
        const auto [known, is_new] = transfer_of.emplace(job.package.sha256, transfers.size());
        if (is_new) {
            const auto destination = store.path(store::Kind::package, job.package.sha256);
            make_directories(destination.parent_path());
            transfers.push_back(
                {.url = fetch_url(job.package.url, mirror),
                 .destination = destination,
                 .size = job.package.size,
                 .sha256 = job.package.sha256,
                 .name = label(job.package)});
            waiting.emplace_back();
            downloaded_ += job.package.size;
        }
        waiting[known->second].push_back(key);
    }
    tools_.events.expect(Stage::cut, jobs.size(), bytes);
    std::exception_ptr problem;
    tools_.client.fetch(
        transfers,
        [&](std::size_t index, const net::Outcome& outcome) {
            if (outcome.error) {
                problem = problem ? problem : outcome.error;
                return;
            }
            for (const std::string& key : waiting[index]) {
                const CutJob& job = jobs.at(key);
                group.run(
                    job.package.size, [this, &job, key] { make(job, key, Trust::verified_now); });
            }
        },
        tools_.stop);
    if (problem) {
        std::rethrow_exception(problem);
    }
    group.wait();
}

void Cutting::make(const CutJob& job, const std::string& key, Trust trust) {
    stop_if_asked(tools_.stop);
    store::Store& store = tools_.store;
    Activity activity(tools_.events, Stage::cut, label(job.package), job.package.size);
    if (store.has(store::Kind::manifest, key) && store.has(store::Kind::part, key)) {
        compress_part(store, tools_.pool, options_.compression, key);
        return;
    }
    const MappedFile deb(store.path(store::Kind::package, job.package.sha256));
    if (trust == Trust::from_store) {
        verify(deb.bytes(), job.package);
    }
    PartWriter writer(store, tools_.pool, options_.compression);
    cut::Cut cut = cut::cut_deb(deb.bytes(), job.selection, label(job.package), writer);
    writer.finish();
    for (const std::string& problem : cut::inspect_elf_files(cut, writer.map().bytes())) {
        tools_.events.message(Severity::warning, problem);
    }
    writer.keep(key);
    store.put(store::Kind::manifest, key, cut::write_manifest(cut));
    activity.advance(job.package.size);
}

CutPtr Cutting::cut(const CutJob& job) {
    const std::string key = cut::cut_key(job.package.sha256, job.selection);
    {
        const std::lock_guard lock(mutex_);
        if (const auto known = cuts_.find(key); known != cuts_.end()) {
            return known->second;
        }
    }
    if (!is_complete(key)) {
        fetch_and_make({{key, job}});
    }
    const auto manifest = tools_.store.get(store::Kind::manifest, key);
    if (!manifest) {
        throw Error(ErrorKind::bug, "a cut is not in the store after it was made");
    }
    auto stored = std::make_shared<const StoredCut>(key, cut::parse_manifest(*manifest));
    const std::lock_guard lock(mutex_);
    return cuts_.emplace(key, std::move(stored)).first->second;
}

} // namespace pare::build
