// SPDX-License-Identifier: Apache-2.0
// A leaf is hashed as 0x00 and itself, a node as 0x01 and its two children, so that neither can be
// taken for the other. The walk up is that of RFC 9162 section 2.1.3.2.
#include "attest/merkle.hh"

#include "support/digest.hh"

namespace pare::attest {

namespace {

constexpr std::size_t kHashSize = 32;

} // namespace

Bytes leaf_hash(BytesView entry) {
    return hash_bytes(Bytes(1, '\0').append(entry));
}

Bytes node_hash(BytesView left, BytesView right) {
    return hash_bytes(Bytes(1, '\1').append(left).append(right));
}

std::optional<Bytes>
root_of(std::int64_t index, std::int64_t size, Bytes leaf, const std::vector<Bytes>& hashes) {
    if (index < 0 || index >= size) {
        return std::nullopt;
    }
    std::int64_t node = index;
    std::int64_t last = size - 1;
    Bytes root = std::move(leaf);
    for (const Bytes& other : hashes) {
        if (last == 0 || other.size() != kHashSize) {
            return std::nullopt;
        }
        if (node % 2 == 1 || node == last) {
            root = node_hash(other, root);
            while (node % 2 == 0 && node != 0) {
                node /= 2;
                last /= 2;
            }
        } else {
            root = node_hash(root, other);
        }
        node /= 2;
        last /= 2;
    }
    return last == 0 ? std::optional(std::move(root)) : std::nullopt;
}

} // namespace pare::attest
