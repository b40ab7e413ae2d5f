// SPDX-License-Identifier: Apache-2.0
// The words of pare's provenance, for its writer and its reader. Of this room only.
#pragma once

#include "attest/provenance.hh"

#include <set>
#include <string>
#include <string_view>

namespace pare::attest {

inline constexpr const char* kBuildType = "urn:pare:build:v1";
inline constexpr const char* kBuiltInPrefix = "urn:pare:definition:";

inline constexpr const char* kDefinitionKind = "definition";
inline constexpr const char* kBaseKind = "base";
inline constexpr const char* kSourceKind = "source";
inline constexpr const char* kPackageKind = "package";
inline constexpr const char* kArchiveKind = "archive";

[[nodiscard]] std::string_view file_kind(FileUse use);

/// A package or an archive of the lock, as a resolved dependency.
struct Fetched {
    std::string kind{};
    std::string name{};
    std::string uri{};
    std::string sha256{};

    auto operator<=>(const Fetched&) const = default;
};

[[nodiscard]] std::set<Fetched> fetched_of(const package::Lock& lock);

} // namespace pare::attest
