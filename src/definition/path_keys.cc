// SPDX-License-Identifier: Apache-2.0
// The keys of an entry of `paths`.
#include "definition/bind.hh"
#include "support/image_path.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::definition {

namespace {

using yaml::Node;

/// In the order of PathType.
constexpr std::array<std::string_view, 5> kTypes = {
    "directory", "empty-file", "hardlink", "symlink", "permissions"};

std::span<const std::string_view> types() {
    return kTypes;
}

PathType type_of(const Node& node) {
    const std::string name = choice_of(node, kTypes);
    return static_cast<PathType>(std::find(kTypes.begin(), kTypes.end(), name) - kTypes.begin());
}

/// apko takes paths without the leading '/' too.
std::string path_of(const Node& node) {
    const std::string text = text_of(node);
    try {
        return ImagePath::parse(text).absolute();
    } catch (const Error& error) {
        throw Error(ErrorKind::definition, error.message()).at(node.where);
    }
}

constexpr std::array kPathKeys = {
    Key{.name = "path",
        .description = "Path in the image.",
        .read = into_last<&Step::paths, &PathMutation::path, path_of>,
        .need = Need::required},
    Key{.name = "type",
        .description = "What is made or changed there.",
        .read = into_last<&Step::paths, &PathMutation::type, type_of>,
        .choices = types,
        .need = Need::required},
    Key{.name = "source",
        .description = "What a hardlink or symlink leads to.",
        .read = into_last<&Step::paths, &PathMutation::source, text_of>},
    Key{.name = "permissions",
        .shape = Shape::mode,
        .description = "Permissions, like 0o755.",
        .read = into_last<&Step::paths, &PathMutation::mode, mode_of>},
    Key{.name = "uid",
        .shape = Shape::number,
        .description = "Number of the owner.",
        .read = into_last<&Step::paths, &PathMutation::uid, id_of>},
    Key{.name = "gid",
        .shape = Shape::number,
        .description = "Number of the group.",
        .read = into_last<&Step::paths, &PathMutation::gid, id_of>},
    Key{.name = "recursive",
        .shape = Shape::boolean,
        .description = "For directory and permissions: everything below too.",
        .read = into_last<&Step::paths, &PathMutation::recursive, boolean_of>},
};

} // namespace

Keys path_keys() {
    return kPathKeys;
}

void read_paths(const Node& node, Draft& draft) {
    read_entries<&Step::paths>(
        node, kPathKeys, "paths", draft, [](const Node& item, PathMutation& path) {
            path.where = item.where;
            const bool is_link = path.type == PathType::hard_link || path.type == PathType::symlink;
            if (is_link && path.source.empty()) {
                throw Error(
                    ErrorKind::definition, fmt::format("the link {} has no 'source'", path.path))
                    .at(item.where);
            }
        });
}

} // namespace pare::definition
