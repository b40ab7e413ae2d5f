// SPDX-License-Identifier: Apache-2.0
// Ranges of versions as npm has them (the grammar of node-semver:
// https://github.com/npm/node-semver), as far as they tell releases apart: no Node.js that images
// have is a pre-release.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::wrap {

/// A release: `20.19.2`.
struct NodeVersion {
    std::uint64_t major = 0;
    std::uint64_t minor = 0;
    std::uint64_t patch = 0;

    auto operator<=>(const NodeVersion&) const = default;
};

/// `20.19.2`, `v20.19.2`, and Debian's `20.19.2+dfsg-1`; nothing for what has not three numbers.
[[nodiscard]] std::optional<NodeVersion> parse_node_version(std::string_view text);

/// Releases from one on, up to but without another.
struct NodeSpan {
    NodeVersion from{};
    NodeVersion to{};

    bool operator==(const NodeSpan&) const = default;
};

/// Each alternative of a range comes to one span.
struct NodeRange {
    std::vector<NodeSpan> spans{};

    [[nodiscard]] bool allows(const NodeVersion& version) const;
};

/// Reads `>=18`, `^20.9 || >=22`, `18 - 20`, `~22.1`, `20.x`, `*`; nothing for what is no range.
[[nodiscard]] std::optional<NodeRange> parse_node_range(std::string_view text);

/// What .nvmrc and .node-version say. Developers name there the version that they use, so only
/// its major number is taken: `v20.11.1` and `lts/iron` are any 20; `lts/*` and `node` any at all.
[[nodiscard]] std::optional<NodeRange> parse_node_version_file(std::string_view text);

} // namespace pare::wrap
