// SPDX-License-Identifier: Apache-2.0
// Proofs against trees that are built here by the definition of RFC 6962 section 2.1.
#include "attest/merkle.hh"
#include "support/digest.hh"
#include "unit/attest/tree.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::attest;
using namespace pare::attest::test;

namespace {

std::vector<Bytes> entries(std::size_t count) {
    std::vector<Bytes> all;
    for (std::size_t i = 0; i < count; ++i) {
        all.push_back("entry " + std::to_string(i));
    }
    return all;
}

std::int64_t number(std::size_t value) {
    return static_cast<std::int64_t>(value);
}

} // namespace

TEST_CASE("the hashes are those of the RFC") {
    CHECK(
        to_hex(leaf_hash("")) ==
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    CHECK(node_hash("l", "r") == hash_bytes("\1lr"));
}

TEST_CASE("every leaf of every tree is proven, and at its place alone") {
    for (std::size_t size = 1; size <= 17; ++size) {
        const std::vector<Bytes> all = entries(size);
        const Bytes root = tree_root(all);
        for (std::size_t index = 0; index < size; ++index) {
            const std::vector<Bytes> path = tree_path(index, all);
            CAPTURE(size);
            CAPTURE(index);
            CHECK(root_of(number(index), number(size), leaf_hash(all[index]), path) == root);
            for (std::size_t other = 0; other < size; ++other) {
                if (other != index) {
                    CHECK(
                        root_of(number(other), number(size), leaf_hash(all[index]), path) != root);
                }
            }
        }
    }
}

TEST_CASE("a proof with a hash too many, too few or of another length proves nothing") {
    const std::vector<Bytes> all = entries(7);
    std::vector<Bytes> path = tree_path(4, all);
    CHECK(root_of(4, 7, leaf_hash(all[4]), path) == tree_root(all));
    std::vector<Bytes> longer = path;
    longer.push_back(leaf_hash("x"));
    CHECK(!root_of(4, 7, leaf_hash(all[4]), longer));
    path.pop_back();
    CHECK(!root_of(4, 7, leaf_hash(all[4]), path));
    path.emplace_back("short");
    CHECK(!root_of(4, 7, leaf_hash(all[4]), path));
    CHECK(!root_of(7, 7, leaf_hash(all[4]), {}));
    CHECK(!root_of(-1, 7, leaf_hash(all[4]), {}));
    CHECK(!root_of(0, 0, leaf_hash(all[4]), {}));
}
