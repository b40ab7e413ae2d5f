// SPDX-License-Identifier: Apache-2.0
#include "finish/parts.hh"

#include <utility>

namespace pare::finish {

Generated make_file(const Context& context, const ImagePath& path, Bytes content) {
    tree::Entry entry{.path = path, .mode = 0644, .mtime = context.time, .size = content.size()};
    return {.entry = std::move(entry), .content = std::move(content)};
}

Generated make_symlink(const Context& context, const ImagePath& path, std::string target) {
    return {
        .entry = {
            .path = path,
            .type = tree::EntryType::symlink,
            .mode = 0777,
            .mtime = context.time,
            .link = std::move(target)}};
}

Generated make_directory(const Context& context, const ImagePath& path, std::uint32_t mode) {
    return {
        .entry = {
            .path = path, .type = tree::EntryType::directory, .mode = mode, .mtime = context.time}};
}

bool is_of_user(const Context& context, const ImagePath& path) {
    const tree::Node* node = context.tree.find(path);
    return node != nullptr && context.tree.origins()[node->origin].kind == tree::OriginKind::user;
}

const tree::Node* file_at(const tree::Tree& tree, const ImagePath& path) {
    const tree::Node* node = tree.resolve(path);
    // A hard link's target was there before it, so a chain of them ends; the bound is for a tree
    // whose nodes were replaced since.
    for (int links = 0; node != nullptr && node->entry.type == tree::EntryType::hard_link;
         ++links) {
        node = links < 40 ? tree.resolve(ImagePath::parse(node->entry.link)) : nullptr;
    }
    return node != nullptr && node->entry.type == tree::EntryType::file ? node : nullptr;
}

ImagePath zoneinfo_directory() {
    return ImagePath::parse("usr/share/zoneinfo");
}

bool has_directory(const tree::Tree& tree, const ImagePath& path) {
    const tree::Node* node = tree.resolve(path);
    return node != nullptr && node->entry.type == tree::EntryType::directory;
}

} // namespace pare::finish
