// SPDX-License-Identifier: Apache-2.0
// OCI image specification, layer.md, "Applying Changesets": whiteouts hide what lower layers have,
// never what their own layer brings, wherever they stand in it; a file hides a directory with all
// that is in it; two directories become one with the owner and mode of the upper one.
#include "inspect/filesystem.hh"

#include "support/text.hh"

#include <iterator>
#include <utility>

namespace pare::inspect {

namespace {

/// As the kernel's ELOOP.
constexpr int kMostLinks = 40;
constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestPath = 4095;

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

void Filesystem::hide_below(const ImagePath& path) {
    auto entry = entries_.upper_bound(path);
    while (entry != entries_.end() && entry->first.is_within(path)) {
        entry = entries_.erase(entry);
    }
}

void Filesystem::hide(const Layer& layer) {
    for (const ImagePath& path : layer.opaque) {
        hide_below(path);
    }
    for (const ImagePath& path : layer.whiteouts) {
        hide_below(path);
        entries_.erase(path);
    }
}

void Filesystem::lay(std::shared_ptr<const Layer> layer) {
    // Links to lower files are resolved first: the layer may hide these.
    std::map<ImagePath, Placed> linked;
    for (const auto& [path, entry] : layer->entries) {
        if (entry.type == archive::TarType::hard_link) {
            const ImagePath target = ImagePath::parse(entry.link);
            const auto lower = entries_.find(target);
            if (!layer->entries.contains(target) && lower != entries_.end()) {
                linked.emplace(path, lower->second);
            }
        }
    }
    if (!entries_.empty()) {
        hide(*layer);
        for (const auto& [path, entry] : layer->entries) {
            if (!entry.is_directory()) {
                hide_below(path);
            }
        }
    }
    // Both are in order, so that the place of an entry is mostly right behind the last one.
    auto hint = entries_.begin();
    for (const auto& [path, entry] : layer->entries) {
        const auto lower = linked.find(path);
        hint = std::next(entries_.insert_or_assign(
            hint, path, lower == linked.end() ? Placed{&entry, layers_.size()} : lower->second));
    }
    layers_.push_back(std::move(layer));
}

const Entry* Filesystem::find(const ImagePath& path) const {
    const auto found = entries_.find(path);
    return found == entries_.end() ? nullptr : found->second.entry;
}

const Entry* Filesystem::resolve(std::string_view text, const ImagePath& from) const {
    const auto path = real_path(text, from);
    return path ? find(*path) : nullptr;
}

std::optional<ImagePath> Filesystem::real_path(std::string_view text, const ImagePath& from) const {
    std::vector<std::string> pending;
    push_components(pending, text);
    ImagePath at = text.starts_with('/') ? ImagePath() : from;
    int links = 0;
    while (!pending.empty()) {
        const std::string name = std::move(pending.back());
        pending.pop_back();
        if (name == "..") {
            at = at.parent();
            continue;
        }
        // A name that no path can have leads nowhere, as it does for the kernel.
        if (name.size() > kLongestName || at.relative().size() + name.size() >= kLongestPath ||
            name.find('\0') != std::string::npos) {
            return std::nullopt;
        }
        const ImagePath next = at / name;
        const Entry* entry = find(next);
        if (entry == nullptr || !entry->is_symlink()) {
            at = next;
            continue;
        }
        if (++links > kMostLinks) {
            return std::nullopt;
        }
        at = entry->link.starts_with('/') ? ImagePath() : at;
        push_components(pending, entry->link);
    }
    // A directory may have no entry of its own.
    const auto first = entries_.lower_bound(at);
    const bool is_there = first != entries_.end() && first->first.is_within(at);
    return is_there ? std::optional(std::move(at)) : std::nullopt;
}

} // namespace pare::inspect
