// SPDX-License-Identifier: Apache-2.0
// The key `app`: the program that the image runs. What it needs is found by whoever builds.
#include "definition/bind.hh"

#include <array>
#include <utility>

namespace pare::definition {

namespace {

using yaml::Node;

std::string host_path(const std::string& text, const Draft& draft) {
    return (draft.step.directory / text).lexically_normal().string();
}

void read_app_paths(const Node& node, Draft& draft) {
    for (const std::string& path : texts_of(node)) {
        draft.step.app->paths.push_back(host_path(path, draft));
    }
    if (draft.step.app->paths.empty()) {
        wrong_type(node, "the program, then what it needs beside it");
    }
}

template <auto kMember, auto kRead>
void into_app(const Node& node, Draft& draft) {
    (*draft.step.app).*kMember = kRead(node);
}

constexpr std::array kAppKeys = {
    Key{.name = "paths",
        .shape = Shape::texts,
        .description = "The program, then files and directories that it needs beside it, relative "
                       "to the definition; ${arch} is the architecture.",
        .read = read_app_paths,
        .need = Need::required},
    Key{.name = "dlopen",
        .shape = Shape::texts,
        .description = "Libraries that it opens itself, like libpq.so.5.",
        .read = into_app<&App::dlopen, texts_of>},
    Key{.name = "exclude",
        .shape = Shape::texts,
        .description = "Globs of what to leave out of directories: a name at any depth, or with a "
                       "'/' a path.",
        .read = into_app<&App::exclude, texts_of>},
};

} // namespace

Keys app_keys() {
    return kAppKeys;
}

void read_app(const Node& node, Draft& draft) {
    draft.step.app = App{.where = node.where};
    if (node.kind == yaml::NodeKind::scalar) {
        draft.step.app->paths = {host_path(text_of(node), draft)};
    } else {
        read_mapping(node, kAppKeys, "app", draft);
    }
}

} // namespace pare::definition
