// SPDX-License-Identifier: Apache-2.0
#include "deb/library_index.hh"

#include "deb/contents.hh"
#include "net/url.hh"
#include "support/digest.hh"
#include "support/error.hh"

#include <fmt/core.h>

#include <exception>

namespace pare::deb {

namespace {

/// Raise it when the same Contents would be boiled down to something else.
constexpr int kFormatVersion = 1;

std::string key_of(const WantedIndex& wanted) {
    return hash_hex(fmt::format("libraries {} {}", kFormatVersion, wanted.plan.packed.sha256));
}

} // namespace

std::vector<MappedFile> find_library_indexes(
    net::Client& client, const IndexCache& cache, const std::vector<WantedIndex>& wanted,
    const std::stop_token& stop) {
    const TemporaryDirectory directory(cache.downloads());
    std::vector<net::Transfer> transfers;
    std::vector<const WantedIndex*> missing;
    for (const WantedIndex& index : wanted) {
        if (cache.find_packages(key_of(index), {})) {
            continue;
        }
        const std::string path = index.by_hash
                                     ? by_hash_path(index.plan.path, index.plan.packed.sha256)
                                     : index.plan.path;
        transfers.push_back(
            {.url = index.suite_url + path,
             .destination = directory.path() / key_of(index),
             .size = index.plan.packed.size,
             .sha256 = index.plan.packed.sha256,
             .stage = Stage::index,
             .name = net::redacted(index.name())});
        missing.push_back(&index);
    }
    std::exception_ptr problem;
    client.fetch(
        transfers,
        [&](std::size_t i, const net::Outcome& outcome) {
            if (outcome.error) {
                problem = problem ? problem : outcome.error;
                return;
            }
            const MappedFile packed(transfers[i].destination);
            ViewSource source(packed.bytes());
            const auto plain =
                archive::decompress(source, missing[i]->plan.codec, {}, transfers[i].name);
            AtomicFile file = cache.create_packages(key_of(*missing[i]));
            file.write(index_libraries(*plain, transfers[i].name));
            file.commit();
        },
        stop);
    if (problem) {
        std::rethrow_exception(problem);
    }
    std::vector<MappedFile> files;
    for (const WantedIndex& index : wanted) {
        auto file = cache.find_packages(key_of(index), {});
        if (!file) {
            throw Error(
                ErrorKind::environment,
                fmt::format("{} has gone from the store", net::redacted(index.name())),
                "run again");
        }
        files.push_back(std::move(*file));
    }
    return files;
}

} // namespace pare::deb
