// SPDX-License-Identifier: Apache-2.0
// Problem: a universe has 70 000 names and as many virtual ones; a map of vectors would cost more
// memory and time than all the rest of reading an index.
#include "deb/name_index.hh"

#include <algorithm>
#include <bit>
#include <functional>

namespace pare::deb {

namespace {

using package::CandidateId;

std::uint32_t hash_of(std::string_view name) {
    const auto wide = static_cast<std::uint64_t>(std::hash<std::string_view>{}(name));
    return static_cast<std::uint32_t>(wide ^ (wide >> 32));
}

/// Slots stay at most two thirds full.
std::size_t slots_for(std::size_t names) {
    return std::bit_ceil(names + names / 2 + 16);
}

} // namespace

NameIndex::NameIndex(std::size_t names) : slots_(slots_for(names)) {
    groups_.reserve(names);
    pending_.reserve(names);
}

std::size_t NameIndex::find_slot(std::string_view name, std::uint32_t hash) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash & mask;
    while (slots_[slot] != 0) {
        const Group& group = groups_[slots_[slot] - 1];
        if (group.hash == hash && std::string_view(group.data, group.size) == name) {
            return slot;
        }
        slot = (slot + 1) & mask;
    }
    return slot;
}

void NameIndex::grow() {
    slots_.assign(slots_.size() * 2, 0);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t number = 0; number < groups_.size(); ++number) {
        std::size_t slot = groups_[number].hash & mask;
        while (slots_[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        slots_[slot] = static_cast<std::uint32_t>(number + 1);
    }
}

void NameIndex::add(std::string_view name, CandidateId id) {
    const std::uint32_t hash = hash_of(name);
    std::size_t slot = find_slot(name, hash);
    if (slots_[slot] == 0) {
        if (slots_for(groups_.size() + 1) > slots_.size()) {
            grow();
            slot = find_slot(name, hash);
        }
        groups_.push_back(
            {.data = name.data(), .size = static_cast<std::uint32_t>(name.size()), .hash = hash});
        slots_[slot] = static_cast<std::uint32_t>(groups_.size());
    } else if (groups_[slots_[slot] - 1].last == static_cast<std::uint32_t>(id)) {
        return;
    }
    const std::uint32_t number = slots_[slot] - 1;
    groups_[number].last = static_cast<std::uint32_t>(id);
    pending_.push_back({number, id});
}

void NameIndex::freeze() {
    for (const Pending& pending : pending_) {
        ++groups_[pending.group].begin;
    }
    std::uint32_t end = 0;
    for (Group& group : groups_) {
        end += group.begin;
        group.begin = end;
    }
    // Backwards, so that every group fills from its end to its begin.
    ids_.resize(pending_.size());
    for (auto pending = pending_.rbegin(); pending != pending_.rend(); ++pending) {
        ids_[--groups_[pending->group].begin] = pending->id;
    }
    pending_ = {};
}

std::span<const CandidateId> NameIndex::range(std::size_t group) const {
    const std::size_t begin = groups_[group].begin;
    const std::size_t end = group + 1 < groups_.size() ? groups_[group + 1].begin : ids_.size();
    return std::span(ids_).subspan(begin, end - begin);
}

std::span<const CandidateId> NameIndex::find(std::string_view name) const {
    const std::uint32_t slot = slots_[find_slot(name, hash_of(name))];
    return slot == 0 ? std::span<const CandidateId>() : range(slot - 1);
}

std::string_view NameIndex::name(std::size_t group) const {
    return {groups_[group].data, groups_[group].size};
}

std::span<CandidateId> NameIndex::candidates(std::size_t group) {
    const auto found = range(group);
    return std::span(ids_).subspan(groups_[group].begin, found.size());
}

} // namespace pare::deb
