// SPDX-License-Identifier: Apache-2.0
// Merkle trees by their definition (RFC 6962 sections 2.1 and 2.1.1), slow and plain.
#pragma once

#include "support/digest.hh"

#include <cstddef>
#include <vector>

namespace pare::attest::test {

/// The largest power of two below `size`.
inline std::size_t split_of(std::size_t size) {
    std::size_t split = 1;
    while (split * 2 < size) {
        split *= 2;
    }
    return split;
}

inline std::vector<Bytes>
part(const std::vector<Bytes>& entries, std::size_t from, std::size_t until) {
    return {
        entries.begin() + static_cast<std::ptrdiff_t>(from),
        entries.begin() + static_cast<std::ptrdiff_t>(until)};
}

inline Bytes tree_root(const std::vector<Bytes>& entries) {
    if (entries.size() == 1) {
        return hash_bytes(Bytes(1, '\0') + entries.front());
    }
    const std::size_t split = split_of(entries.size());
    return hash_bytes(
        "\1" + tree_root(part(entries, 0, split)) +
        tree_root(part(entries, split, entries.size())));
}

inline std::vector<Bytes> tree_path(std::size_t index, const std::vector<Bytes>& entries) {
    if (entries.size() == 1) {
        return {};
    }
    const std::size_t split = split_of(entries.size());
    const std::vector<Bytes> left = part(entries, 0, split);
    const std::vector<Bytes> right = part(entries, split, entries.size());
    std::vector<Bytes> path =
        index < split ? tree_path(index, left) : tree_path(index - split, right);
    path.push_back(tree_root(index < split ? right : left));
    return path;
}

} // namespace pare::attest::test
