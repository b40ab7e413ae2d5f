// SPDX-License-Identifier: Apache-2.0
// Gets indexes into the cache: many downloads at once, decompressed as each is complete.
#pragma once

#include "deb/index_cache.hh"
#include "deb/suite.hh"
#include "net/client.hh"

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace pare::deb {

/// An index that has to be in the cache.
struct WantedIndex {
    std::string suite_url{};
    IndexPlan plan{};
    bool by_hash = false; ///< the archive keeps its files by hash too

    [[nodiscard]] std::string name() const { return suite_url + plan.path; }
};

/// What the cache keeps of an index.
struct IndexForm {
    std::string (*key)(const WantedIndex& index) = nullptr;
    /// How large it is, if that is known before.
    std::optional<std::uint64_t> (*size)(const WantedIndex& index) = nullptr;
    /// Makes it of the file that was fetched; several may be made at once.
    void (*make)(const WantedIndex& index, BytesView packed, AtomicFile& kept) = nullptr;
};

/// A Packages file in plain.
[[nodiscard]] IndexForm packages_form();

/// What the cache keeps of these indexes, in their order. Fetches those that it does not have, each
/// once; throws the first error of the order.
[[nodiscard]] std::vector<MappedFile> find_indexes(
    net::Client& client, const IndexCache& cache, std::span<const WantedIndex> wanted,
    const IndexForm& form, const std::stop_token& stop);

/// A pool for work that goes beside downloads.
[[nodiscard]] unsigned worker_count(std::size_t tasks);

} // namespace pare::deb
