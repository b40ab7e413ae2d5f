// SPDX-License-Identifier: Apache-2.0
#include "definition/draft.hh"

#include "definition/schema.hh"

namespace pare::definition {

Draft read_draft(
    const std::string& text, const std::string& name, const std::filesystem::path& directory) {
    Draft draft;
    draft.step.directory = directory;
    read_mapping(yaml::parse(text, name), definition_keys(), draft);
    return draft;
}

Draft read_overlay(const yaml::Node& node, const Draft& base) {
    Draft draft = base;
    read_mapping(node, definition_keys(), draft);
    return draft;
}

} // namespace pare::definition
