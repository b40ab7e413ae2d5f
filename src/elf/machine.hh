// SPDX-License-Identifier: Apache-2.0
// The e_machine (System V gABI, chapter 4, ELF header) of Debian's architectures.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pare::elf {

/// EM_* of a Debian architecture (`ppc64el`), or nothing for one that is not known.
[[nodiscard]] std::optional<std::uint16_t> machine_number(std::string_view debian_architecture);

} // namespace pare::elf
