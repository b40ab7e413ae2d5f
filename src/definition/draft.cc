// SPDX-License-Identifier: Apache-2.0
// A definition file as values. Overlays are read as soon as the file is, so that a mistake in one
// does not wait for the build that chooses it.
#include "definition/draft.hh"

#include "definition/schema.hh"

#include <fmt/core.h>

namespace pare::definition {

namespace {

void check_scope(const Overlay& overlay) {
    for (const auto& [name, value] : overlay.node.members) {
        const Key* const key = find_key(definition_keys(), name.text);
        if (key != nullptr && key->scope == Scope::definition) {
            throw Error(
                ErrorKind::definition,
                fmt::format("'{}' cannot differ by variant or distribution", name.text),
                "write it at the top of the definition")
                .at(name.where);
        }
    }
}

void check_overlay(const Overlay& overlay, const std::filesystem::path& directory) {
    check_scope(overlay);
    Draft alone;
    alone.step.directory = directory;
    read_mapping(overlay.node, definition_keys(), "", alone);
    if (alone.parent) {
        throw Error(
            ErrorKind::definition,
            "what a definition comes from cannot differ by variant or distribution",
            "write it at the top of the definition")
            .at(alone.parent->where);
    }
}

} // namespace

Draft read_draft(
    const std::string& text, const std::string& name, const std::filesystem::path& directory) {
    Draft draft;
    draft.step.directory = directory;
    read_mapping(yaml::parse(text, name), definition_keys(), "", draft);
    for (const auto* overlays : {&draft.variants, &draft.distributions}) {
        for (const Overlay& overlay : *overlays) {
            check_overlay(overlay, directory);
        }
    }
    return draft;
}

Draft read_overlay(const Overlay& overlay, const Draft& base) {
    Draft alone;
    alone.step.directory = base.step.directory;
    read_mapping(overlay.node, definition_keys(), "", alone);
    Draft draft = base;
    // As for a step of its own: a new entrypoint makes the arguments of the old one meaningless.
    if (alone.step.entrypoint) {
        draft.step.cmd.reset();
    }
    read_mapping(overlay.node, definition_keys(), "", draft);
    return draft;
}

} // namespace pare::definition
