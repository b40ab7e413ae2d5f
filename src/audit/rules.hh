// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/finding.hh"

#include <span>
#include <string_view>

namespace pare::audit {

/// All rules, by id.
[[nodiscard]] std::span<const Rule> rules();
/// Null when there is none.
[[nodiscard]] const Rule* find_rule(std::string_view id);

} // namespace pare::audit
