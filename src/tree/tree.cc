// SPDX-License-Identifier: Apache-2.0
// The merged filesystem. What keeps it sound: every path in it is real, so no node has a file or a
// symlink among its ancestors, and a lookup of a plain path is one search. Entries come from
// untrusted packages: what would land outside, below a file or on top of another package's file is
// refused here.
#include "tree/tree.hh"

#include "support/error.hh"
#include "support/text.hh"
#include "tree/conflict.hh"

#include <fmt/core.h>

#include <iterator>
#include <utility>

namespace pare::tree {

namespace {

/// As the kernel's ELOOP.
constexpr std::size_t kMostLinks = 40;

/// Components of `text` in front of those that are pending already, nearest last.
void push_components(std::vector<std::string>& pending, std::string_view text) {
    const std::vector<std::string_view> parts = split(text, '/');
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
        if (!part->empty() && *part != ".") {
            pending.emplace_back(*part);
        }
    }
}

} // namespace

std::size_t Tree::add_origin(Origin origin) {
    origins_.push_back(std::move(origin));
    return origins_.size() - 1;
}

const Node* Tree::find(const ImagePath& path) const {
    const auto at = nodes_.find(path);
    return at == nodes_.end() ? nullptr : &at->second;
}

/// Follows symlinks as chroot(2) would: `..` stops at the root of the tree. Nothing for a loop, or
/// a path below a file. Names that do not exist are taken as they are.
std::optional<Tree::Walked> Tree::walk(const ImagePath& path, LastLink last) const {
    std::vector<std::string> pending;
    push_components(pending, path.relative());
    Walked at{.path = {}, .node = find({})};
    bool on_file = false;
    std::size_t links = 0;
    while (!pending.empty()) {
        const std::string name = std::exchange(pending.back(), {});
        pending.pop_back();
        if (on_file) {
            return std::nullopt;
        }
        if (name == "..") {
            at.path = at.path.parent();
            at.node = find(at.path);
            continue;
        }
        const ImagePath next = at.path / name;
        const Node* node = find(next);
        const bool follows = node != nullptr && node->entry.type == EntryType::symlink &&
                             (!pending.empty() || last == LastLink::follow);
        if (follows) {
            if (++links > kMostLinks) {
                return std::nullopt;
            }
            if (node->entry.link.starts_with('/')) {
                at = {.path = {}, .node = find({})};
            }
            push_components(pending, node->entry.link);
            continue;
        }
        on_file = node != nullptr && node->entry.type != EntryType::directory;
        at = {.path = next, .node = node};
    }
    return at;
}

const Node* Tree::resolve(const ImagePath& path) const {
    const Node* direct = find(path);
    if (direct != nullptr && direct->entry.type != EntryType::symlink) {
        return direct;
    }
    const std::optional<Walked> end = walk(path, LastLink::follow);
    return end ? end->node : nullptr;
}

ImagePath Tree::real_path(const ImagePath& path) const {
    ImagePath ancestor = path;
    const Node* node = nullptr;
    while (node == nullptr && !ancestor.is_root()) {
        ancestor = ancestor.parent();
        node = find(ancestor);
    }
    if (node == nullptr || node->entry.type == EntryType::directory) {
        return path;
    }
    const Node* target = resolve(ancestor);
    if (target == nullptr || target->entry.type != EntryType::directory) {
        throw Error(
            ErrorKind::definition,
            fmt::format(
                "{} cannot be in the image: {} is {} there, from {}", path.absolute(),
                ancestor.absolute(),
                node->entry.type == EntryType::symlink ? "a symlink to no directory"
                                                       : "not a directory",
                describe(origins_[node->origin])),
            "leave one of the two out, or put it at another path");
    }
    // The rest of the path may meet another symlink below the target; the walk counts them all.
    const std::optional<Walked> end = walk(path, LastLink::keep);
    if (!end) {
        throw Error(
            ErrorKind::definition, fmt::format("{} runs in circles of symlinks", path.absolute()),
            "leave out the package or the file that brings the symlink");
    }
    return end->path;
}

bool Tree::in_last_directory(const ImagePath& path) const {
    const std::string& text = path.relative();
    return !last_directory_.empty() && text.size() > last_directory_.size() &&
           text[last_directory_.size()] == '/' && text.starts_with(last_directory_) &&
           text.find('/', last_directory_.size() + 1) == std::string::npos;
}

bool Tree::holds_anything(const ImagePath& directory) const {
    const auto next = nodes_.upper_bound(directory);
    return next != nodes_.end() && next->first.is_within(directory);
}

void Tree::check_hard_link(Entry& entry, const Origin& origin) const {
    const ImagePath target = real_path(ImagePath::parse(entry.link));
    const Node* node = find(target);
    if (node == nullptr || target == entry.path ||
        (node->entry.type != EntryType::file && node->entry.type != EntryType::hard_link)) {
        throw Error(
            ErrorKind::definition,
            fmt::format(
                "{} of {} is a hard link to {}, which is no file of the image",
                entry.path.absolute(), describe(origin), target.absolute()),
            fmt::format("include {} as well, or leave the link out", target.absolute()));
    }
    entry.link = target.relative();
}

Tree::Added Tree::add(
    Entry entry, std::size_t origin,
    const std::function<bool(const Node& earlier, const Entry& later)>& same_content) {
    ensure(origin < origins_.size(), "an entry has an origin that was never added");
    if (!in_last_directory(entry.path)) {
        entry.path = real_path(entry.path);
        ImagePath parent = entry.path.parent();
        last_directory_ = find(parent) == nullptr ? "" : parent.relative();
    }
    if (entry.type == EntryType::hard_link) {
        check_hard_link(entry, origins_[origin]);
    }
    const auto at = nodes_.lower_bound(entry.path);
    if (at != nodes_.end() && at->first == entry.path) {
        return meet(at->second, std::move(entry), origin, same_content);
    }
    if (entry.type != EntryType::directory && at != nodes_.end() &&
        at->first.is_within(entry.path)) {
        refuse_conflict(
            entry.path, origins_[at->second.origin], origins_[origin],
            fmt::format("the first needs a directory there, for {}", at->first.absolute()));
    }
    ImagePath path = entry.path;
    nodes_.emplace_hint(at, std::move(path), Node{.entry = std::move(entry), .origin = origin});
    return Added::placed;
}

Tree::Added Tree::replace(Node& earlier, Entry entry, std::size_t origin) {
    last_directory_.clear();
    earlier = {.entry = std::move(entry), .origin = origin};
    return Added::replaced_earlier;
}

/// At least one of the two is a directory.
Tree::Added Tree::meet_directory(Node& earlier, Entry entry, std::size_t origin) {
    const Origin& owner = origins_[earlier.origin];
    const bool by_finisher = origins_[origin].kind == OriginKind::finisher;
    const bool was_directory = earlier.entry.type == EntryType::directory;
    if (was_directory && entry.type == EntryType::directory) {
        const bool better = earlier.implied || (by_finisher && earlier.entry != entry);
        return better ? replace(earlier, std::move(entry), origin) : Added::kept_earlier;
    }
    if (was_directory) {
        if (by_finisher && !holds_anything(entry.path)) {
            return replace(earlier, std::move(entry), origin);
        }
        refuse_conflict(
            entry.path, owner, origins_[origin],
            "it is a directory of the first, but not of the second");
    }
    if (earlier.entry.type == EntryType::symlink) {
        const Node* target = resolve(entry.path);
        if (target != nullptr && target->entry.type == EntryType::directory) {
            return Added::kept_earlier;
        }
    }
    refuse_conflict(
        entry.path, owner, origins_[origin],
        "it is a directory of the second, but not of the first");
}

Tree::Added Tree::meet(
    Node& earlier, Entry entry, std::size_t origin,
    const std::function<bool(const Node& earlier, const Entry& later)>& same_content) {
    if (earlier.entry.type == EntryType::directory || entry.type == EntryType::directory) {
        return meet_directory(earlier, std::move(entry), origin);
    }
    if (points_at_itself(entry)) {
        return Added::kept_earlier;
    }
    if (points_at_itself(earlier.entry)) {
        return replace(earlier, std::move(entry), origin);
    }
    const bool from_package = is_distributed(origins_[origin]);
    const bool by_finisher = origins_[origin].kind == OriginKind::finisher;
    const bool both_files = earlier.entry.type == EntryType::file && entry.type == EntryType::file;
    const bool same_link =
        by_finisher ? earlier.entry == entry
                    : earlier.entry.type == entry.type && earlier.entry.link == entry.link;
    const bool identical = both_files ? from_package && earlier.entry.size == entry.size &&
                                            same_content(earlier, entry)
                                      : same_link;
    if (earlier.origin == origin && !by_finisher) {
        if (identical) {
            return Added::kept_earlier;
        }
        throw Error(
            ErrorKind::definition,
            fmt::format(
                "{} brings {} twice, and the two differ", describe(origins_[origin]),
                entry.path.absolute()),
            "leave one of the two out with 'include:', or put it at another path");
    }
    switch (judge(entry.path, origins_[earlier.origin], origins_[origin], identical)) {
    case Verdict::keep_earlier:
        return Added::kept_earlier;
    case Verdict::take_later:
        return replace(earlier, std::move(entry), origin);
    case Verdict::conflict:
        break;
    }
    refuse_conflict(entry.path, origins_[earlier.origin], origins_[origin], "the two differ");
}

std::vector<Entry>
Tree::add_missing_parents(const ImagePath& path, std::size_t origin, std::int64_t mtime) {
    ensure(origin < origins_.size(), "an entry has an origin that was never added");
    if (in_last_directory(path)) {
        return {};
    }
    std::vector<ImagePath> missing;
    ImagePath parent = real_path(path).parent();
    while (!parent.is_root() && find(parent) == nullptr) {
        missing.push_back(parent);
        parent = parent.parent();
    }
    std::vector<Entry> made;
    for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
        Entry entry{.path = *at, .type = EntryType::directory, .mode = 0755, .mtime = mtime};
        nodes_.emplace(*at, Node{.entry = entry, .origin = origin, .implied = true});
        made.push_back(std::move(entry));
    }
    return made;
}

} // namespace pare::tree
