// SPDX-License-Identifier: Apache-2.0
// A universe small enough to be written in a test.
#pragma once

#include "package/universe.hh"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pare::test {

/// A line a candidate, in index order:
///   name version; depends: a | b (>= 2), c; pre-depends: d; provides: v, w (= 1);
///   conflicts: x; breaks: y (<< 3); suite: backports; priority: required; essential: yes
/// Versions are numbers with dots. Empty lines do not count.
class FakeUniverse final : public package::Universe {
public:
    explicit FakeUniverse(std::string_view text);
    explicit FakeUniverse(std::vector<package::Package> packages);

    [[nodiscard]] std::size_t size() const override { return packages_.size(); }

    [[nodiscard]] std::span<const package::CandidateId> named(std::string_view name) const override;
    [[nodiscard]] std::span<const package::CandidateId>
    providers(std::string_view name) const override;
    [[nodiscard]] const package::Package& candidate(package::CandidateId id) const override;
    [[nodiscard]] int compare(std::string_view left, std::string_view right) const override;
    /// `any` and `native` match, anything else does not.
    [[nodiscard]] bool
    qualifier_matches(const package::Relation& relation, package::CandidateId id) const override;
    [[nodiscard]] bool is_of_suite(package::CandidateId id, std::string_view suite) const override;
    /// Names that begin with the same two letters.
    [[nodiscard]] std::vector<std::string> similar(std::string_view name) const override;

    /// The candidate `name` or `name version`; the test fails when there is none.
    [[nodiscard]] package::CandidateId find(std::string_view name_and_version) const;

private:
    void index();

    std::vector<package::Package> packages_;
    std::map<std::string, std::vector<package::CandidateId>, std::less<>> named_;
    std::map<std::string, std::vector<package::CandidateId>, std::less<>> providers_;
};

/// `a (>= 2)` or `a:any`.
[[nodiscard]] package::Relation parse_relation(std::string_view text);

} // namespace pare::test
