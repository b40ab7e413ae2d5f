// SPDX-License-Identifier: Apache-2.0
// A universe together with the files that it reads from.
#pragma once

#include "package/universe.hh"
#include "support/files.hh"

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace pare::deb {

class OwningUniverse final : public package::Universe {
public:
    OwningUniverse(std::vector<MappedFile> files, std::unique_ptr<package::Universe> universe)
        : files_(std::move(files)), universe_(std::move(universe)) {}

    [[nodiscard]] std::size_t size() const override { return universe_->size(); }

    [[nodiscard]] std::span<const package::CandidateId>
    named(std::string_view name) const override {
        return universe_->named(name);
    }

    [[nodiscard]] std::span<const package::CandidateId>
    providers(std::string_view name) const override {
        return universe_->providers(name);
    }

    [[nodiscard]] const package::Package& candidate(package::CandidateId id) const override {
        return universe_->candidate(id);
    }

    [[nodiscard]] int compare(std::string_view left, std::string_view right) const override {
        return universe_->compare(left, right);
    }

    [[nodiscard]] bool
    qualifier_matches(const package::Relation& relation, package::CandidateId id) const override {
        return universe_->qualifier_matches(relation, id);
    }

    [[nodiscard]] bool is_of_suite(package::CandidateId id, std::string_view suite) const override {
        return universe_->is_of_suite(id, suite);
    }

    [[nodiscard]] std::vector<std::string> similar(std::string_view name) const override {
        return universe_->similar(name);
    }

private:
    std::vector<MappedFile> files_; ///< outlive the universe: members end in reverse order
    std::unique_ptr<package::Universe> universe_;
};

} // namespace pare::deb
