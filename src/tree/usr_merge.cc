// SPDX-License-Identifier: Apache-2.0
// Every image is usr-merged (Debian's usrmerge, systemd's "The Case for the /usr Merge"), also of a
// release whose packages still ship /lib/x: paths move below /usr, and a relative symlink that
// moved one level down is told again so that it points at what its packager meant.
#include "support/text.hh"
#include "tree/tree.hh"

#include <algorithm>
#include <array>
#include <string_view>

namespace pare::tree {

namespace {

constexpr std::array<std::string_view, 7> kMerged = {"bin",   "sbin",   "lib",   "lib32",
                                                     "lib64", "libo32", "libx32"};

using Parts = std::vector<std::string>;

/// Adds the components of `text`; `..` takes one back and stops at the root, as the kernel does.
void walk(Parts& parts, std::string_view text) {
    for (const std::string_view part : split(text, '/')) {
        if (part == "..") {
            if (!parts.empty()) {
                parts.pop_back();
            }
        } else if (!part.empty() && part != ".") {
            parts.emplace_back(part);
        }
    }
}

bool is_merged_name(std::string_view name) {
    return std::find(kMerged.begin(), kMerged.end(), name) != kMerged.end();
}

/// The parts of usr_merged_aim().
Parts aim(const ImagePath& directory, std::string_view target) {
    Parts parts;
    if (!target.starts_with('/')) {
        walk(parts, directory.relative());
    }
    walk(parts, target);
    if (!parts.empty() && is_merged_name(parts.front())) {
        parts.insert(parts.begin(), "usr");
    }
    return parts;
}

} // namespace

std::optional<ImagePath> usr_merged(const ImagePath& path) {
    const std::string& text = path.relative();
    const std::size_t slash = text.find('/');
    if (!is_merged_name(std::string_view(text).substr(0, slash))) {
        return path;
    }
    if (slash == std::string::npos) {
        return std::nullopt;
    }
    return ImagePath::parse("usr/" + text);
}

ImagePath usr_merged_aim(const ImagePath& directory, std::string_view target) {
    return ImagePath::parse(join(aim(directory, target), "/"));
}

std::string
usr_merged_link(const ImagePath& original, const ImagePath& merged, std::string_view target) {
    if (target.starts_with('/') || original == merged) {
        return std::string(target);
    }
    const Parts meant = aim(original.parent(), target);
    const ImagePath directory = merged.parent();
    if (aim(directory, target) == meant) {
        return std::string(target);
    }
    Parts from;
    walk(from, directory.relative());
    const auto [up, down] = std::mismatch(from.begin(), from.end(), meant.begin(), meant.end());
    std::string link;
    const auto append = [&link](std::string_view part) {
        link.append(link.empty() ? "" : "/").append(part);
    };
    std::for_each(up, from.end(), [&](std::string_view) { append(".."); });
    std::for_each(down, meant.end(), append);
    return link.empty() ? "." : link;
}

bool points_at_itself(const Entry& entry) {
    if (entry.type != EntryType::symlink) {
        return false;
    }
    Parts here;
    walk(here, entry.path.relative());
    return aim(entry.path.parent(), entry.link) == here;
}

} // namespace pare::tree
