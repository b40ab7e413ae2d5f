// SPDX-License-Identifier: Apache-2.0
// An image in memory for the tests of finishers.
#pragma once

#include "finish/finisher.hh"

#include <fmt/core.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pare::finish {

class TestImage {
public:
    tree::Tree tree{};
    definition::Step step{};
    std::vector<definition::User> users{};
    std::vector<definition::Group> groups{};
    std::map<ImagePath, Bytes> aside{};
    std::string architecture = "amd64";
    std::set<ImagePath> changed{}; ///< what this step brought

    TestImage()
        : package_(tree.add_origin({.name = "package"})),
          user_(tree.add_origin({.kind = tree::OriginKind::user, .name = "server.yaml"})) {}

    /// What is added from here on is of that package.
    void start_package(std::string name) { package_ = tree.add_origin({.name = std::move(name)}); }

    void add_directory(std::string_view path, std::uint32_t mode = 0755) {
        put({.path = ImagePath::parse(path), .type = tree::EntryType::directory, .mode = mode});
    }

    void add_symlink(std::string_view path, std::string_view target) {
        put(
            {.path = ImagePath::parse(path),
             .type = tree::EntryType::symlink,
             .mode = 0777,
             .link = std::string(target)});
    }

    void add_hard_link(std::string_view path, std::string_view target) {
        put(
            {.path = ImagePath::parse(path),
             .type = tree::EntryType::hard_link,
             .mode = 0644,
             .link = std::string(target)});
    }

    void add_file(std::string_view path, Bytes bytes) {
        put_file(path, std::move(bytes), package_);
    }

    void add_user_file(std::string_view path, Bytes bytes) {
        put_file(path, std::move(bytes), user_);
    }

    void replace_bytes(std::string_view path, Bytes bytes) {
        contents_.insert_or_assign(ImagePath::parse(path), std::move(bytes));
    }

    /// Everything so far belongs to a parent step.
    void start_child_step() {
        changed.clear();
        aside.clear();
        step = {};
    }

    /// What the finisher of that name makes; it is in the image afterwards.
    std::vector<Generated> finish(std::string_view name) {
        const Finisher* finisher = find(name);
        const Context context{
            .tree = tree,
            .step = step,
            .users = users,
            .groups = groups,
            .architecture = architecture,
            .time = 1234,
            .elf = [this](const ImagePath& path) { return elf_at(path); },
            .content =
                [this](const ImagePath& path) {
                    const auto at = contents_.find(path);
                    return at == contents_.end() ? std::nullopt : std::optional(at->second);
                },
            .aside = aside,
            .touched =
                [this](const ImagePath& path) {
                    const auto at = changed.lower_bound(path);
                    return at != changed.end() && at->is_within(path);
                }};
        std::vector<Generated> made = finisher->run(context);
        const std::size_t origin =
            tree.add_origin({.kind = tree::OriginKind::finisher, .name = std::string(name)});
        for (const Generated& one : made) {
            if (one.entry.type == tree::EntryType::file && !one.same_content) {
                contents_.insert_or_assign(one.entry.path, one.content);
            }
            put(one.entry, origin);
        }
        return made;
    }

    [[nodiscard]] static const Finisher* find(std::string_view name) {
        for (const Finisher& finisher : finishers()) {
            if (finisher.name == name) {
                return &finisher;
            }
        }
        throw Error(ErrorKind::bug, "no finisher of that name");
    }

private:
    void put(tree::Entry entry) { put(std::move(entry), package_); }

    void put(tree::Entry entry, std::size_t origin) {
        changed.insert(entry.path);
        tree.add_missing_parents(entry.path, origin, 0);
        tree.add(std::move(entry), origin, [](const auto&, const auto&) { return false; });
    }

    void put_file(std::string_view path, Bytes bytes, std::size_t origin) {
        const ImagePath at = ImagePath::parse(path);
        put({.path = at, .mode = 0644, .size = bytes.size()}, origin);
        if (const std::optional<elf::Elf> elf = elf::parse_elf(bytes, at.absolute())) {
            elves_.insert_or_assign(at, *elf);
        }
        contents_.insert_or_assign(at, std::move(bytes));
    }

    [[nodiscard]] const elf::Elf* elf_at(const ImagePath& path) const {
        const auto at = elves_.find(path);
        return at == elves_.end() ? nullptr : &at->second;
    }

    std::size_t package_;
    std::size_t user_;
    std::map<ImagePath, Bytes> contents_;
    std::map<ImagePath, elf::Elf> elves_;
};

/// The entry of that path among what a finisher made, or null.
inline const Generated* made_at(const std::vector<Generated>& made, std::string_view path) {
    for (const Generated& one : made) {
        if (one.entry.path.relative() == path) {
            return &one;
        }
    }
    return nullptr;
}

/// What was made, a line each: `path/ 0755 0:0`, `path 0644 0:0`, `path -> target`.
inline std::string listing(const std::vector<Generated>& made) {
    std::string lines;
    for (const Generated& one : made) {
        const tree::Entry& entry = one.entry;
        lines += entry.path.relative();
        if (entry.type == tree::EntryType::symlink) {
            lines += " -> " + entry.link + "\n";
            continue;
        }
        lines += fmt::format(
            "{} {:04o} {}:{}\n", entry.type == tree::EntryType::directory ? "/" : "", entry.mode,
            entry.uid, entry.gid);
    }
    return lines;
}

} // namespace pare::finish
