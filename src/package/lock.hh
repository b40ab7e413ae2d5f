// SPDX-License-Identifier: Apache-2.0
// The lock: the exact packages that a definition resolved to, per architecture. Written as JSON
// (docs/lock.md), read back strictly.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pare::package {

/// One package of a lock: all that a build needs to fetch and check it, and why it is there.
struct LockedPackage {
    std::string name{};
    std::string version{};
    std::string architecture{};
    std::string source{};
    std::string source_version{};
    std::string suite{};
    std::string url{};
    std::string sha256{};
    std::uint64_t size = 0;
    std::string reason{}; ///< `asked for`, or `libssl3t64 depends on libc6 (>= 2.38)`

    bool operator==(const LockedPackage&) const = default;
};

/// One archive of an upstream project (contents.archives), for the architecture of its step.
struct LockedArchive {
    std::string name{};
    std::string version{}; ///< empty when the definition gives none
    std::string url{};
    std::string sha256{};

    bool operator==(const LockedArchive&) const = default;
};

/// The packages and archives that one definition adds (what it takes `from:` another is locked
/// there), sorted by name.
struct LockedStep {
    std::string definition{}; ///< its name: `cc`, `cc:debug`, `server.yaml`
    std::string request{};    ///< digest of what was asked of the solver; differs -> lock is stale
    std::vector<std::string> asked{}; ///< the requests in words, to say what changed
    std::string base{}; ///< digest of the image in a registry whose tag it starts from, or empty
    std::vector<LockedPackage> packages{};
    std::vector<LockedArchive> archives{}; ///< in the order of the definition

    bool operator==(const LockedStep&) const = default;
};

/// Steps from the root of the `from:` chain to the definition, by architecture in OCI form
/// (`arm/v7`).
struct Lock {
    std::map<std::string, std::vector<LockedStep>> architectures{};

    bool operator==(const Lock&) const = default;
};

/// Pretty JSON with a trailing newline; equal locks give equal bytes.
[[nodiscard]] std::string write_lock(const Lock& lock);
/// Throws ErrorKind::definition for anything that write_lock() would not write.
[[nodiscard]] Lock parse_lock(std::string_view text, const std::string& name);

} // namespace pare::package
