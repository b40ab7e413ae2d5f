// SPDX-License-Identifier: Apache-2.0
// Gets Contents files, keeps what contents.hh makes of them in the cache.
#pragma once

#include "deb/index_cache.hh"
#include "deb/index_fetch.hh"
#include "net/client.hh"

#include <stop_token>
#include <vector>

namespace pare::deb {

/// The texts of index_libraries() for these Contents files, in their order.
[[nodiscard]] std::vector<MappedFile> find_library_indexes(
    net::Client& client, const IndexCache& cache, const std::vector<WantedIndex>& wanted,
    const std::stop_token& stop);

} // namespace pare::deb
