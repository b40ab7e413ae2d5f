// SPDX-License-Identifier: Apache-2.0
// What most lines of the table of keys do with a value: read it as a type (`kRead`, of values.hh)
// and put it into a member.
#pragma once

#include "definition/schema.hh"
#include "definition/values.hh"

#include <string>
#include <string_view>
#include <utility>

namespace pare::definition {

template <auto kMember, auto kRead>
void into_step(const yaml::Node& node, Draft& draft) {
    draft.step.*kMember = kRead(node);
}

/// As into_step(), but a value that is not given changes nothing.
template <auto kMember, auto kRead>
void given_into_step(const yaml::Node& node, Draft& draft) {
    if (auto value = kRead(node)) {
        draft.step.*kMember = std::move(value);
    }
}

/// Adds to a list.
template <auto kMember, auto kRead>
void append_to_step(const yaml::Node& node, Draft& draft) {
    for (auto& value : kRead(node)) {
        (draft.step.*kMember).push_back(std::move(value));
    }
}

/// Adds to a map, or replaces what it has.
template <auto kMember, auto kRead>
void merge_into_step(const yaml::Node& node, Draft& draft) {
    for (auto& [name, value] : kRead(node)) {
        (draft.step.*kMember).insert_or_assign(name, std::move(value));
    }
}

/// Into the entry of a list that is being read.
template <auto kList, auto kMember, auto kRead>
void into_last(const yaml::Node& node, Draft& draft) {
    (draft.step.*kList).back().*kMember = kRead(node);
}

/// Checks the value, which has no meaning here.
template <auto kRead>
void ignored(const yaml::Node& node, Draft& /*draft*/) {
    (void)kRead(node);
}

/// Reads the entries of a list of mappings; `finish` sees each after its keys.
template <auto kList, typename Finish>
void read_entries(
    const yaml::Node& node, Keys keys, std::string_view section, Draft& draft, Finish finish) {
    for (const yaml::Node& item : items_of(node)) {
        if (item.kind != yaml::NodeKind::mapping) {
            wrong_type(item, "a mapping");
        }
        (draft.step.*kList).emplace_back();
        read_mapping(item, keys, section, draft);
        finish(item, (draft.step.*kList).back());
    }
}

} // namespace pare::definition
