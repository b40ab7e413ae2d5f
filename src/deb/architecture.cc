// SPDX-License-Identifier: Apache-2.0
// Problem: OCI, Debian and the multiarch directories each have their own names for one machine.
// Format: OCI image index `platform` (GOARCH[/variant]); dpkg-architecture(1); the tuples of
// wiki.debian.org/Multiarch/Tuples.
// Refuses: architectures for which Debian has no packages.
#include "deb/universe.hh"
#include "support/error.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::deb {

namespace {

struct Architecture {
    std::string_view oci;
    std::string_view debian;
    std::string_view triplet;
};

/// The first line of a Debian architecture is its usual one; the others are other names of it.
constexpr std::array<Architecture, 14> kArchitectures{{
    {"amd64", "amd64", "x86_64-linux-gnu"},
    {"arm64", "arm64", "aarch64-linux-gnu"},
    {"arm64/v8", "arm64", "aarch64-linux-gnu"},
    {"arm/v7", "armhf", "arm-linux-gnueabihf"},
    {"arm", "armhf", "arm-linux-gnueabihf"},
    {"arm/v6", "armel", "arm-linux-gnueabi"},
    {"arm/v5", "armel", "arm-linux-gnueabi"},
    {"386", "i386", "i386-linux-gnu"},
    {"ppc64le", "ppc64el", "powerpc64le-linux-gnu"},
    {"s390x", "s390x", "s390x-linux-gnu"},
    {"riscv64", "riscv64", "riscv64-linux-gnu"},
    {"mips64le", "mips64el", "mips64el-linux-gnuabi64"},
    {"mipsle", "mipsel", "mipsel-linux-gnu"},
    {"loong64", "loong64", "loongarch64-linux-gnu"},
}};

[[noreturn]] void refuse(std::string_view given, std::string_view Architecture::* column) {
    std::string known;
    for (const Architecture& architecture : kArchitectures) {
        known.append(known.empty() ? "" : ", ").append(architecture.*column);
    }
    throw Error(
        ErrorKind::definition, fmt::format("Debian has no packages for `{}`", given),
        fmt::format("known architectures: {}", known));
}

const Architecture& find(std::string_view given, std::string_view Architecture::* column) {
    const auto* const found = std::ranges::find(kArchitectures, given, column);
    if (found == kArchitectures.end()) {
        refuse(given, column);
    }
    return *found;
}

} // namespace

std::string debian_architecture(std::string_view oci_architecture) {
    return std::string(find(oci_architecture, &Architecture::oci).debian);
}

std::string multiarch_triplet(std::string_view debian_architecture) {
    return std::string(find(debian_architecture, &Architecture::debian).triplet);
}

} // namespace pare::deb
