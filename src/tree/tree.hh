// SPDX-License-Identifier: Apache-2.0
// The merged filesystem of an image: a value in memory, never a directory on disk.
#pragma once

#include "tree/entry.hh"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

namespace pare::tree {

/// Who brought an entry: a package, an archive of an upstream project, a finisher, the user's own
/// files, the parent image.
enum class OriginKind { package, archive, finisher, user, base };

struct Origin {
    OriginKind kind = OriginKind::package;
    std::string name{};                  ///< package name, finisher name, definition
    std::vector<std::string> replaces{}; ///< of a package: names whose files it may take over

    bool operator==(const Origin&) const = default;
};

/// Whether it is something that others made and that comes with its own paths: a package or an
/// archive.
[[nodiscard]] bool is_distributed(const Origin& origin);

struct Node {
    Entry entry{};
    std::size_t origin = 0; ///< index into Tree::origins()
    bool implied = false;   ///< a directory that nobody brought: add_missing_parents() made it
};

class Tree {
public:
    /// Registers who brings the entries that follow.
    std::size_t add_origin(Origin origin);

    [[nodiscard]] const std::vector<Origin>& origins() const { return origins_; }

    /// What became of an entry that was added.
    enum class Added { placed, kept_earlier, replaced_earlier };

    /// Puts one entry at real_path() of its path. Directories merge: the first one's metadata
    /// stays, unless it was implied or the later one is a finisher's. Two packages with one path
    /// and different content are ErrorKind::definition naming both, unless dpkg would take it: one
    /// Replaces the other, a diversion known to us, or the content is identical, which
    /// `same_content` (asked only for two files of equal size) says. A finisher or the user
    /// replaces what a package brought, and a package what the base image held; what a finisher or
    /// the user brought in an earlier step stays. A directory where a symlink to a directory
    /// stands keeps the symlink. Nothing may lie below a file or below a symlink that leads
    /// nowhere; a hard link needs its target. Only a finisher may put a link over an (empty)
    /// directory.
    Added
    add(Entry entry, std::size_t origin,
        const std::function<bool(const Node& earlier, const Entry& later)>& same_content);

    /// Where an entry of that path ends up: symlinks among its ancestors are followed, inside the
    /// tree. Throws ErrorKind::definition when an ancestor is a file, or a symlink to no directory.
    [[nodiscard]] ImagePath real_path(const ImagePath& path) const;

    /// Adds missing parents as 0755 root-owned directories with that mtime; returns those made.
    std::vector<Entry>
    add_missing_parents(const ImagePath& path, std::size_t origin, std::int64_t mtime);

    [[nodiscard]] const Node* find(const ImagePath& path) const;
    /// The node at the end of all symlinks, inside the tree; at most 40 of them.
    [[nodiscard]] const Node* resolve(const ImagePath& path) const;

    /// In ImagePath order: parents before children.
    [[nodiscard]] const std::map<ImagePath, Node>& nodes() const { return nodes_; }

    /// The nodes at and below that path, in the same order. The view is good as long as the tree is
    /// not changed.
    [[nodiscard]] auto within(const ImagePath& path) const {
        return std::ranges::subrange(nodes_.lower_bound(path), nodes_.end()) |
               std::views::take_while(
                   [path](const auto& each) { return each.first.is_within(path); });
    }

private:
    struct Walked {
        ImagePath path{};
        const Node* node = nullptr; ///< null when nothing stands there
    };

    enum class LastLink { follow, keep };

    [[nodiscard]] std::optional<Walked> walk(const ImagePath& path, LastLink last) const;
    [[nodiscard]] bool holds_anything(const ImagePath& directory) const;
    [[nodiscard]] bool in_last_directory(const ImagePath& path) const;
    void check_hard_link(Entry& entry, const Origin& origin) const;
    Added meet(
        Node& earlier, Entry entry, std::size_t origin,
        const std::function<bool(const Node& earlier, const Entry& later)>& same_content);
    Added meet_directory(Node& earlier, Entry entry, std::size_t origin);
    Added replace(Node& earlier, Entry entry, std::size_t origin);

    std::vector<Origin> origins_;
    std::map<ImagePath, Node> nodes_;
    /// A directory that is in the tree, mostly the one of the entry before: entries come by
    /// directory, and this saves most searches for parents.
    std::string last_directory_;
};

/// Where usr-merge puts a packaged path: `lib/x` -> `usr/lib/x`, for bin, sbin, lib and lib32,
/// lib64, libo32, libx32; `lib` alone -> nothing (the symlink of the first layer stands there).
[[nodiscard]] std::optional<ImagePath> usr_merged(const ImagePath& path);

/// Where a text as symlinks and search paths have it leads: from the root, or from `directory`,
/// with
/// `.` and `..` taken, which stops at the root; below /usr where that is merged (`/lib` itself
/// too).
[[nodiscard]] ImagePath usr_merged_aim(const ImagePath& directory, std::string_view target);

/// The text of a symlink that stood at `original` and stands at `merged` now: a relative one that
/// would lead elsewhere from there is told again, relative and minimal (`lib/x -> ../opt/y` becomes
/// `usr/lib/x -> ../../opt/y`). All others stay as they are.
[[nodiscard]] std::string
usr_merged_link(const ImagePath& original, const ImagePath& merged, std::string_view target);

} // namespace pare::tree
