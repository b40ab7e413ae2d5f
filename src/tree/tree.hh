// SPDX-License-Identifier: Apache-2.0
// The merged filesystem of an image: a value in memory, never a directory on disk.
#pragma once

#include "tree/entry.hh"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pare::tree {

/// Who brought an entry: a package, a finisher, the user's own files, the parent image.
enum class OriginKind { package, finisher, user, base };

struct Origin {
    OriginKind kind = OriginKind::package;
    std::string name{};                  ///< package name, finisher name, definition
    std::vector<std::string> replaces{}; ///< of a package: names whose files it may take over

    bool operator==(const Origin&) const = default;
};

struct Node {
    Entry entry{};
    std::size_t origin = 0; ///< index into Tree::origins()
};

class Tree {
public:
    /// Registers who brings the entries that follow.
    std::size_t add_origin(Origin origin);

    [[nodiscard]] const std::vector<Origin>& origins() const { return origins_; }

    /// What became of an entry that was added.
    enum class Added { placed, kept_earlier, replaced_earlier };

    /// Puts one entry. Equal directories merge: the first one's metadata stays. Two packages with
    /// one path and different content are ErrorKind::definition naming both, unless dpkg would take
    /// it: one Replaces the other, a diversion known to us, or the content is identical, which
    /// `same_content` (asked only for two files of equal size) says. A finisher or the user
    /// replaces what a package brought. Nothing may lie below a file or a symlink.
    Added
    add(Entry entry, std::size_t origin,
        const std::function<bool(const Node& earlier, const Entry& later)>& same_content);

    /// Adds missing parents as 0755 root-owned directories with that mtime; returns those made.
    std::vector<Entry>
    add_missing_parents(const ImagePath& path, std::size_t origin, std::int64_t mtime);

    [[nodiscard]] const Node* find(const ImagePath& path) const;
    /// The node at the end of all symlinks, inside the tree; at most 40 of them.
    [[nodiscard]] const Node* resolve(const ImagePath& path) const;

    /// In ImagePath order: parents before children.
    [[nodiscard]] const std::map<ImagePath, Node>& nodes() const { return nodes_; }

private:
    std::vector<Origin> origins_;
    std::map<ImagePath, Node> nodes_;
};

/// Where usr-merge puts a packaged path: `lib/x` -> `usr/lib/x`, for bin, sbin, lib and lib32,
/// lib64, libo32, libx32; `lib` alone -> nothing (the symlink of the first layer stands there).
[[nodiscard]] std::optional<ImagePath> usr_merged(const ImagePath& path);

} // namespace pare::tree
