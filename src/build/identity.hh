// SPDX-License-Identifier: Apache-2.0
// What results depend on, as digests: the keys under which the store keeps them.
#pragma once

#include "definition/definition.hh"
#include "support/digest.hh"

#include <cstdint>
#include <string>
#include <string_view>

namespace pare::build {

/// Collects values so that different sequences never give the same digest.
class Identity {
public:
    /// `what` names the kind of key and its format version: `image 1`.
    explicit Identity(std::string_view what);

    Identity& add(std::string_view text);
    Identity& add(std::uint64_t number);

    /// Every value of the range, and how many there are.
    template <typename Range>
    Identity& add_all(const Range& range) {
        add(std::uint64_t{range.size()});
        for (const auto& value : range) {
            add(value);
        }
        return *this;
    }

    template <typename Value>
    Identity& add(const std::optional<Value>& value) {
        add(std::uint64_t{value ? 1U : 0U});
        return value ? add(*value) : *this;
    }

    Identity& add(const std::vector<std::string>& texts) { return add_all(texts); }

    Identity& add(const std::pair<const std::string, std::string>& member) {
        return add(member.first).add(member.second);
    }

    [[nodiscard]] std::string hex() { return hasher_.hex(); }

private:
    Hasher hasher_;
};

/// Everything that a step says about an image, but not which package versions it takes nor what is
/// in the user's files.
[[nodiscard]] std::string step_identity(const definition::Step& step);

} // namespace pare::build
