// SPDX-License-Identifier: Apache-2.0
#include "audit/finding.hh"

#include <array>

namespace pare::audit {

namespace {

constexpr std::array<std::string_view, 3> kNames = {"note", "warning", "error"};

} // namespace

std::string_view severity_name(Severity severity) {
    return kNames.at(static_cast<std::size_t>(severity));
}

std::optional<Severity> parse_severity(std::string_view name) {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (kNames.at(i) == name) {
            return static_cast<Severity>(i);
        }
    }
    return std::nullopt;
}

} // namespace pare::audit
