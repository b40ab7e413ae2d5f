// SPDX-License-Identifier: Apache-2.0
// The `paths` of a definition (apko.yaml): directories, empty files, links and permissions, in the
// order in which they are written, each seeing what those before it did. Where apko surprises, this
// does what was meant: a mode that is not given is left alone (0755 for a new directory, 0644 for a
// new file) rather than 0000, a symlink's mode never reaches its target, and a symlink replaces a
// file. As in apko a `hardlink` is a second copy, and of uid and gid the one not given is 0.
#include "finish/parts.hh"
#include "finish/table.hh"
#include "support/error.hh"

#include <fmt/core.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace pare::finish {

namespace {

using definition::PathMutation;
using definition::PathType;
using tree::Entry;
using tree::EntryType;
using tree::Node;

class Mutator {
public:
    explicit Mutator(const Context& context)
        : context_(context), tree_(context.tree),
          origin_(tree_.add_origin({.kind = tree::OriginKind::finisher, .name = "paths"})) {}

    void apply(const PathMutation& mutation) {
        const ImagePath path = tree_.real_path(ImagePath::parse(mutation.path));
        switch (mutation.type) {
        case PathType::directory:
            return make_directory(mutation, path);
        case PathType::empty_file:
            return put_new(mutation, {.path = path, .mode = 0644, .mtime = context_.time}, {});
        case PathType::symlink:
            return put_new(
                mutation,
                {.path = path,
                 .type = EntryType::symlink,
                 .mode = 0777,
                 .mtime = context_.time,
                 .link = mutation.source},
                {});
        case PathType::hard_link:
            return copy(mutation, path);
        case PathType::permissions:
            return change(mutation, path);
        }
    }

    std::vector<Generated> take() {
        std::vector<Generated> all;
        all.reserve(made_.size());
        for (auto& [path, generated] : made_) {
            all.push_back(std::move(generated));
        }
        return all;
    }

private:
    const Node& existing(const PathMutation& mutation, const std::string& path) const {
        const Node* node = tree_.resolve(ImagePath::parse(path));
        if (node == nullptr) {
            throw Error(
                ErrorKind::definition,
                fmt::format(
                    "'paths' wants to change or link {}, which is not in the image",
                    mutation.path == path ? path : fmt::format("{} (for {})", path, mutation.path)),
                "add the package or file that brings it, or take the entry out of 'paths'");
        }
        return *node;
    }

    void make_directory(const PathMutation& mutation, const ImagePath& path) {
        if (!has_directory(tree_, path)) {
            put_new(
                mutation,
                {.path = path, .type = EntryType::directory, .mode = 0755, .mtime = context_.time},
                {});
            return;
        }
        change(mutation, path);
    }

    void copy(const PathMutation& mutation, const ImagePath& path) {
        existing(mutation, mutation.source);
        const Node* file = file_at(tree_, ImagePath::parse(mutation.source));
        if (file == nullptr) {
            throw Error(
                ErrorKind::definition,
                fmt::format(
                    "{} is no file, so {} cannot be a hard link to it", mutation.source,
                    mutation.path),
                "use 'type: symlink' for a directory");
        }
        Entry entry = file->entry;
        Bytes content = content_of(entry.path);
        entry.path = path;
        put_new(mutation, std::move(entry), std::move(content));
    }

    void change(const PathMutation& mutation, const ImagePath& path) {
        const ImagePath top = existing(mutation, path.absolute()).entry.path;
        std::vector<ImagePath> targets;
        for (const auto& [each, node] : tree_.within(top)) {
            if (mutation.recursive || each == top) {
                targets.push_back(each);
            }
        }
        for (const ImagePath& target : targets) {
            change_one(mutation, *tree_.find(target));
        }
    }

    void change_one(const PathMutation& mutation, const Node& node) {
        Entry before = node.entry;
        // Other names of the same file keep theirs: this name becomes a file of its own.
        const Node* file =
            before.type == EntryType::hard_link ? file_at(tree_, before.path) : nullptr;
        if (file != nullptr) {
            before = file->entry;
            before.path = node.entry.path;
        }
        Entry entry = before;
        set_owner_and_mode(mutation, entry);
        if (entry == before) {
            return;
        }
        const auto earlier = made_.find(entry.path);
        if (file != nullptr) {
            put({.entry = entry, .content = content_of(file->entry.path)});
        } else if (earlier != made_.end()) {
            Generated again = earlier->second;
            again.entry = entry;
            put(std::move(again));
        } else {
            put({.entry = entry, .same_content = entry.type == EntryType::file});
        }
    }

    static void set_owner_and_mode(const PathMutation& mutation, Entry& entry) {
        if (mutation.mode && entry.type != EntryType::symlink) {
            entry.mode = *mutation.mode & 07777;
        }
        if (mutation.uid || mutation.gid) {
            entry.uid = mutation.uid.value_or(0);
            entry.gid = mutation.gid.value_or(0);
        }
    }

    void put_new(const PathMutation& mutation, Entry entry, Bytes content) {
        set_owner_and_mode(mutation, entry);
        entry.size = content.size();
        put({.entry = std::move(entry), .content = std::move(content)});
    }

    void put(Generated generated) {
        const ImagePath path = generated.entry.path;
        tree_.add_missing_parents(path, origin_, context_.time);
        tree_.add(generated.entry, origin_, [](const Node&, const Entry&) { return false; });
        made_.insert_or_assign(path, std::move(generated));
    }

    Bytes content_of(const ImagePath& path) const {
        const auto made = made_.find(path);
        if (made != made_.end() && !made->second.same_content) {
            return made->second.content;
        }
        std::optional<Bytes> bytes = context_.content(path);
        if (!bytes) {
            throw Error(
                ErrorKind::definition,
                fmt::format(
                    "{} cannot be copied: its bytes are in the image below", path.absolute()),
                "use 'type: symlink', which needs no copy");
        }
        return std::move(*bytes);
    }

    const Context& context_;
    tree::Tree tree_; ///< a copy: what the mutations so far made of the image
    std::size_t origin_;
    std::map<ImagePath, Generated> made_;
};

std::vector<Generated> run(const Context& context) {
    if (context.step.paths.empty()) {
        return {};
    }
    Mutator mutator(context);
    for (const PathMutation& mutation : context.step.paths) {
        try {
            mutator.apply(mutation);
        } catch (Error& error) {
            if (error.where() == Where{}) {
                error.at(mutation.where);
            }
            throw;
        }
    }
    return mutator.take();
}

} // namespace

Finisher paths_finisher() {
    return {.name = "paths", .replaces_script = "no script: the definition's 'paths'", .run = run};
}

} // namespace pare::finish
