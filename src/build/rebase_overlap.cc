// SPDX-License-Identifier: Apache-2.0
// Problem: layers know nothing of each other. A file that a layer put over the base's hides the new
// base's as well, be it the certificate bundle of last year; and what the new base adds may hide
// behind a path that the application has long had. Both are decided by comparing the two bases
// where the application's layers touch them.
#include "build/rebase_checks.hh"

#include <fmt/core.h>

#include <set>
#include <utility>

namespace pare::build {

namespace {

using inspect::Entry;
using inspect::Filesystem;

constexpr const char* kRebuild = "rebuild the image on the new base";

class Overlap {
public:
    Overlap(const Filesystem& old_base, const Filesystem& new_base)
        : old_(old_base), new_(new_base) {}

    Findings run(const std::vector<LayerPtr>& own) {
        for (const LayerPtr& layer : own) {
            own_.lay(layer);
        }
        for (const auto& [path, placed] : own_.entries()) {
            check(path, *placed.entry);
            check_ancestors(path);
        }
        for (const LayerPtr& layer : own) {
            for (const ImagePath& path : layer->whiteouts) {
                check_removed(path);
            }
            for (const ImagePath& path : layer->opaque) {
                check_hidden(path);
            }
            check_links(*layer);
        }
        return std::move(findings_);
    }

private:
    void refuse(const ImagePath& path, const char* what) {
        if (refused_.insert(path).second) {
            findings_.refusals.push_back(
                {RebaseCheck::overlap, fmt::format("{} {}", path.absolute(), what), kRebuild});
        }
    }

    static bool same(const Entry* left, const Entry* right) {
        return left == right ||
               (left != nullptr && right != nullptr && inspect::same_entry(*left, *right));
    }

    void check(const ImagePath& path, const Entry& entry) {
        const Entry* before = old_.find(path);
        const Entry* after = new_.find(path);
        const auto is_directory = [](const Entry* each) {
            return each == nullptr || each->is_directory();
        };
        if (entry.is_directory() && is_directory(before) && is_directory(after)) {
            check_directory(path, entry, before, after);
        } else if (before == nullptr && after != nullptr) {
            refuse(path, "is in the image's layers, and the new base has brought it too");
        } else if (!same(before, after)) {
            refuse(
                path, after == nullptr
                          ? "of the base was replaced by the image, and the new base lacks it"
                          : "of the base was replaced by the image, and differs in the new base");
        }
    }

    /// Directories are one in the end, with the owner and mode that the image's layer gives.
    void check_directory(
        const ImagePath& path, const Entry& entry, const Entry* before, const Entry* after) {
        if (before != nullptr && after == nullptr && holds_own(path)) {
            refuse(
                path, "is a directory of the base that the new base lacks, and the image put "
                      "files into it");
        } else if (
            after != nullptr && !inspect::same_metadata(entry, *after) &&
            (before == nullptr || !inspect::same_metadata(*before, *after))) {
            refuse(path, "is a directory with another owner or mode in the new base");
        }
    }

    [[nodiscard]] bool holds_own(const ImagePath& directory) const {
        for (auto each = own_.entries().upper_bound(directory);
             each != own_.entries().end() && each->first.is_within(directory); ++each) {
            if (!each->second.entry->is_directory()) {
                return true;
            }
        }
        return false;
    }

    /// Where a path leads must not change, if layers leave out the directories above it.
    void check_ancestors(const ImagePath& path) {
        for (ImagePath up = path.parent(); !up.is_root() && seen_.insert(up).second;
             up = up.parent()) {
            const Entry* before = old_.find(up);
            const Entry* after = new_.find(up);
            if (own_.find(up) != nullptr || same(before, after)) {
                continue;
            }
            const bool are_directories = (before == nullptr || before->is_directory()) &&
                                         (after == nullptr || after->is_directory());
            if (!are_directories) {
                refuse(up, "leads elsewhere in the new base, and the image has files below it");
            } else if (before != nullptr && after == nullptr && holds_own(up)) {
                refuse(
                    up, "is a directory of the base that the new base lacks, and the image put "
                        "files into it");
            }
        }
    }

    /// What a layer hides must be something that it knew of.
    void check_hidden(const ImagePath& path) {
        if (old_.find(path) == nullptr && new_.find(path) != nullptr) {
            refuse(path, "is hidden by the image's layers, and the new base has brought it");
        }
    }

    void check_removed(const ImagePath& path) {
        check_hidden(path);
        if (old_.find(path) != nullptr && new_.find(path) == nullptr) {
            findings_.notes.push_back(fmt::format(
                "{} was removed by the image's layers, and the new base does not have it",
                path.absolute()));
        }
    }

    /// A further name for a file of the base is that file.
    void check_links(const inspect::Layer& layer) {
        for (const auto& [path, entry] : layer.entries) {
            if (entry.type != archive::TarType::hard_link) {
                continue;
            }
            const ImagePath target = ImagePath::parse(entry.link);
            if (!layer.entries.contains(target) && own_.find(target) == nullptr &&
                !same(old_.find(target), new_.find(target))) {
                refuse(
                    target, "of the base has a further name in the image, and differs in the "
                            "new base");
            }
        }
    }

    const Filesystem& old_;
    const Filesystem& new_;
    Filesystem own_{};
    std::set<ImagePath> seen_{};
    std::set<ImagePath> refused_{};
    Findings findings_{};
};

} // namespace

Findings check_overlap(
    const Filesystem& old_base, const Filesystem& new_base, const std::vector<LayerPtr>& own) {
    return Overlap(old_base, new_base).run(own);
}

} // namespace pare::build
