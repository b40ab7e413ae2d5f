// SPDX-License-Identifier: Apache-2.0
// An image as the dynamic loader of a machine sees it.
#pragma once

#include "inspect/filesystem.hh"
#include "oci/image.hh"
#include "wrap/closure.hh"

#include <compare>
#include <cstdint>

namespace pare::build {

/// What one process cannot load together with another machine's.
struct Machine {
    std::uint16_t number = 0; ///< EM_*
    bool is64 = true;
    Endian endian = Endian::little;

    auto operator<=>(const Machine&) const = default;
};

[[nodiscard]] Machine machine_of(const elf::Elf& elf);
/// Whether it is the one that images for that platform run on.
[[nodiscard]] bool is_of_platform(const Machine& machine, const oci::Platform& platform);

/// Libraries of that machine and all links, usr-merged. Contents must have been asked for.
[[nodiscard]] wrap::Offer offer_of(const inspect::Filesystem& files, const Machine& machine);
/// Where its loader looks. /etc/ld.so.cache counts when its bytes were kept.
[[nodiscard]] wrap::SearchPath search_path_of(
    const inspect::Filesystem& files, const oci::RunConfig& config, const Machine& machine,
    const oci::Platform& platform);

} // namespace pare::build
