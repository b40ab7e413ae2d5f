// SPDX-License-Identifier: Apache-2.0
// From a name to the candidates that bear it: an open-addressing hash table over views into the
// Packages text, and one array for all candidates. No allocation a name.
#pragma once

#include "package/universe.hh"

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace pare::deb {

class NameIndex {
public:
    /// `names`: how many different ones to expect.
    explicit NameIndex(std::size_t names);

    /// The bytes of `name` must outlive the index. Not after freeze().
    void add(std::string_view name, package::CandidateId id);
    /// Sorts what was added by name, and within a name in the order of add(), the same candidate
    /// not twice in a row. find() is good from here on.
    void freeze();

    [[nodiscard]] std::span<const package::CandidateId> find(std::string_view name) const;

    [[nodiscard]] std::size_t size() const { return groups_.size(); }

    /// By number, 0 .. size()-1, in the order of first add().
    [[nodiscard]] std::string_view name(std::size_t group) const;
    [[nodiscard]] std::span<package::CandidateId> candidates(std::size_t group);

private:
    struct Group {
        const char* data = nullptr;
        std::uint32_t size = 0;
        std::uint32_t hash = 0;
        std::uint32_t begin = 0; ///< in ids_; its end is the next group's begin
        std::uint32_t last = 0;  ///< the latest candidate, to see repetitions
    };

    struct Pending {
        std::uint32_t group = 0;
        package::CandidateId id{};
    };

    [[nodiscard]] std::size_t find_slot(std::string_view name, std::uint32_t hash) const;
    [[nodiscard]] std::span<const package::CandidateId> range(std::size_t group) const;
    void grow();

    std::vector<std::uint32_t> slots_; ///< 1 + number of the group; 0: free
    std::vector<Group> groups_;
    std::vector<Pending> pending_;
    std::vector<package::CandidateId> ids_;
};

} // namespace pare::deb
