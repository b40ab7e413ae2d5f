// SPDX-License-Identifier: Apache-2.0
// Everything that the repositories of a definition offer for one architecture, as the solver sees
// it. deb/ and apk/ each give one; solve/ knows no format.
#pragma once

#include "package/package.hh"

#include <cstdint>
#include <span>
#include <string_view>

namespace pare::package {

/// Index of a candidate in its universe, 0 .. size()-1. Lower ids come earlier in the indexes.
enum class CandidateId : std::uint32_t {};

class Universe {
public:
    Universe() = default;
    Universe(const Universe&) = delete;
    Universe& operator=(const Universe&) = delete;
    virtual ~Universe() = default;

    [[nodiscard]] virtual std::size_t size() const = 0;
    /// The real packages of that name, best first: pinned priority, then highest version, then
    /// earliest in the indexes.
    [[nodiscard]] virtual std::span<const CandidateId> named(std::string_view name) const = 0;
    /// The packages that provide that name as a virtual one, in index order.
    [[nodiscard]] virtual std::span<const CandidateId> providers(std::string_view name) const = 0;
    /// The candidate with all its fields. The reference stays good as long as the universe.
    /// Parses on first use; safe from one thread only.
    [[nodiscard]] virtual const Package& candidate(CandidateId id) const = 0;
    /// Negative, zero or positive: the distribution's version order.
    [[nodiscard]] virtual int compare(std::string_view left, std::string_view right) const = 0;
    /// Whether a relation with that qualifier (`foo:any`, `foo:amd64`) can be met by the candidate.
    [[nodiscard]] virtual bool
    qualifier_matches(const Relation& relation, CandidateId id) const = 0;
    /// Whether the candidate comes from that suite, called by its codename or its other name
    /// (`trixie`, `stable`).
    [[nodiscard]] virtual bool is_of_suite(CandidateId id, std::string_view suite) const = 0;
    /// Names near to one that does not exist, for messages; at most three.
    [[nodiscard]] virtual std::vector<std::string> similar(std::string_view name) const = 0;
};

} // namespace pare::package
