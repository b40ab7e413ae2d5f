// SPDX-License-Identifier: Apache-2.0
#include "elf/machine.hh"

#include <algorithm>
#include <array>
#include <utility>

namespace pare::elf {

namespace {

constexpr std::array<std::pair<std::string_view, std::uint16_t>, 9> kMachines = {{
    {"amd64", 62},
    {"arm64", 183},
    {"armel", 40},
    {"armhf", 40},
    {"i386", 3},
    {"loong64", 258},
    {"ppc64el", 21},
    {"riscv64", 243},
    {"s390x", 22},
}};

} // namespace

std::optional<std::uint16_t> machine_number(std::string_view debian_architecture) {
    const auto* const found = std::ranges::find(
        kMachines, debian_architecture, &std::pair<std::string_view, std::uint16_t>::first);
    return found == kMachines.end() ? std::nullopt : std::optional(found->second);
}

} // namespace pare::elf
