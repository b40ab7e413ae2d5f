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

void verify(BytesView file, const std::string& sha256, const std::string& label) {
    if (const std::string found = hash_hex(file); found != sha256) {
        throw Error(
            ErrorKind::refused,
            fmt::format(
                "{}: the file in the store has SHA-256 {} instead of {}", label, found, sha256),
            "the file is damaged; remove it with: pare cache prune --older-than 0");
    }
}

std::string key_of(const CutJob& job) {
    return cut::cut_key(job.package.sha256, job.selection);
}

std::string key_of(const ArchiveJob& job) {
    return cut::archive_cut_key(job.archive.sha256, job.selection);
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

Cutting::Order Cutting::order_of(const CutJob& job) {
    const package::LockedPackage& package = job.package;
    const std::string label = package.name + " " + package.version;
    return {
        .label = label,
        .url = package.url,
        .sha256 = package.sha256,
        .size = package.size,
        .cut = [label, selection = job.selection](BytesView deb, Sink& part) {
            return cut::cut_deb(deb, selection, label, part);
        }};
}

Cutting::Order Cutting::order_of(const ArchiveJob& job) {
    return {
        .label = job.archive.name + " " + job.archive.version,
        .url = job.archive.url,
        .sha256 = job.archive.sha256,
        .cut = [job](BytesView archive, Sink& part) {
            return cut::cut_archive(
                archive, job.selection, job.archive.name, job.archive.version, part);
        }};
}

template <class Jobs>
void Cutting::add_missing(Orders& orders, const Jobs& jobs) const {
    for (const auto& job : jobs) {
        if (std::string key = key_of(job); !is_complete(key)) {
            orders.emplace(std::move(key), order_of(job));
        }
    }
}

void Cutting::make_all(const std::vector<const StepNode*>& nodes) {
    Orders orders;
    for (const StepNode* node : nodes) {
        add_missing(orders, cut_jobs(*node));
        add_missing(orders, archive_jobs(*node));
    }
    fetch_and_make(orders);
}

void Cutting::make_all(const std::vector<CutJob>& jobs) {
    Orders orders;
    add_missing(orders, jobs);
    fetch_and_make(orders);
}

void Cutting::fetch_and_make(const Orders& orders) {
    if (orders.empty()) {
        return;
    }
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
    for (const auto& [key, order] : orders) {
        bytes += order.size.value_or(0);
        const auto file = store.path(store::Kind::package, order.sha256);
        if (store.has(store::Kind::package, order.sha256)) {
            group.run(std::filesystem::file_size(file), [this, &key, &order] {
                make(order, key, Trust::from_store);
            });
            continue;
        }
        const auto [known, is_new] = transfer_of.emplace(order.sha256, transfers.size());
        if (is_new) {
            make_directories(file.parent_path());
            transfers.push_back(
                {.url = fetch_url(order.url, mirror),
                 .destination = file,
                 .size = order.size,
                 .sha256 = order.sha256,
                 .name = order.label});
            waiting.emplace_back();
        }
        waiting[known->second].push_back(key);
    }
    tools_.events.expect(Stage::cut, orders.size(), bytes);
    std::exception_ptr problem;
    tools_.client.fetch(
        transfers,
        [&](std::size_t index, const net::Outcome& outcome) {
            if (outcome.error) {
                problem = problem ? problem : outcome.error;
                return;
            }
            const std::uint64_t size = std::filesystem::file_size(transfers[index].destination);
            downloaded_ += size;
            for (const std::string& key : waiting[index]) {
                const Order& order = orders.at(key);
                group.run(size, [this, &order, key] { make(order, key, Trust::verified_now); });
            }
        },
        tools_.stop);
    if (problem) {
        std::rethrow_exception(problem);
    }
    group.wait();
}

void Cutting::make(const Order& order, const std::string& key, Trust trust) {
    stop_if_asked(tools_.stop);
    store::Store& store = tools_.store;
    Activity activity(tools_.events, Stage::cut, order.label, order.size.value_or(0));
    if (store.has(store::Kind::manifest, key) && store.has(store::Kind::part, key)) {
        compress_part(store, tools_.pool, options_.compression, key);
        return;
    }
    const MappedFile file(store.path(store::Kind::package, order.sha256));
    if (trust == Trust::from_store) {
        verify(file.bytes(), order.sha256, order.label);
    }
    PartWriter writer(store, tools_.pool, options_.compression);
    cut::Cut cut = order.cut(file.bytes(), writer);
    writer.finish();
    for (const std::string& problem : cut::inspect_elf_files(cut, writer.map().bytes())) {
        tools_.events.message(Severity::warning, problem);
    }
    writer.keep(key);
    store.put(store::Kind::manifest, key, cut::write_manifest(cut));
    activity.advance(order.size.value_or(0));
}

CutPtr Cutting::cut(const CutJob& job) {
    return cut(key_of(job), order_of(job));
}

CutPtr Cutting::cut(const ArchiveJob& job) {
    return cut(key_of(job), order_of(job));
}

CutPtr Cutting::cut(const std::string& key, Order order) {
    {
        const std::lock_guard lock(mutex_);
        if (const auto known = cuts_.find(key); known != cuts_.end()) {
            return known->second;
        }
    }
    if (!is_complete(key)) {
        fetch_and_make({{key, std::move(order)}});
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
