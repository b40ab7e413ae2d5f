// SPDX-License-Identifier: Apache-2.0
// Gets Packages files into the cache: many downloads at once, decompressed as each is complete.
#pragma once

#include "deb/index_cache.hh"
#include "deb/suite.hh"
#include "net/client.hh"

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>

namespace pare::deb {

/// A Packages file that has to be in the cache.
struct WantedIndex {
    std::string suite_url{};
    IndexPlan plan{};
    bool by_hash = false; ///< the archive keeps its files by hash too

    [[nodiscard]] std::string name() const { return suite_url + plan.path; }
};

/// Fetches those that are not in the cache, each once. Throws the first error of the order.
void fetch_indexes(
    net::Client& client, const IndexCache& cache, std::span<const WantedIndex> wanted,
    const std::stop_token& stop);

/// A pool for work that goes beside downloads.
[[nodiscard]] unsigned worker_count(std::size_t tasks);

} // namespace pare::deb
