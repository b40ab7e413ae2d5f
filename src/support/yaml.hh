// SPDX-License-Identifier: Apache-2.0
// YAML as a tree of nodes that know where they stand. Scalars stay text: the schema, not YAML's
// guesswork, decides what `1.10`, `012` or `on` mean.
#pragma once

#include "support/error.hh"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pare::yaml {

enum class NodeKind { null, scalar, sequence, mapping };

/// One node. A plain empty or `~`/`null` scalar is NodeKind::null.
struct Node {
    NodeKind kind = NodeKind::null;
    Where where{};
    std::string text{};                           ///< of a scalar
    bool quoted = false;                          ///< of a scalar: it was in quotes or a block
    std::vector<Node> items{};                    ///< of a sequence
    std::vector<std::pair<Node, Node>> members{}; ///< of a mapping, keys are scalars

    /// The value of `key` in a mapping, or null.
    [[nodiscard]] const Node* find(std::string_view key) const;
};

/// Parses the only document of `text`; `name` is the file in every Where. Throws
/// ErrorKind::definition with the place for bad syntax, a duplicate key, a key that is no scalar, a
/// second document, more than 64 levels, 100 000 nodes, or aliases that expand beyond that.
/// Anchors, aliases and merge keys (`<<`) are resolved.
[[nodiscard]] Node parse(std::string_view text, const std::string& name);

/// The text in YAML's double-quoted style: JSON with a few more escapes.
[[nodiscard]] std::string quoted(const std::string& text);

} // namespace pare::yaml
