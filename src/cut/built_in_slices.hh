// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pare::cut {

/// The text of slices/ that is about that package, or nothing.
[[nodiscard]] std::string_view built_in_slices(std::string_view package);
/// The first name of each file of slices/, in order.
[[nodiscard]] std::vector<std::string> built_in_slice_packages();
/// SHA-256 of all of slices/.
[[nodiscard]] std::string built_in_slices_digest();

} // namespace pare::cut
