// SPDX-License-Identifier: Apache-2.0
// What deb and apk packages have in common.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pare::package {

enum class Operator { any, less, less_equal, equal, greater_equal, greater };

/// `name (op version)`, one alternative of a dependency. `qualifier` is what stands behind a colon
/// in the name (`any`, `native`, an architecture), empty mostly.
struct Relation {
    std::string name{};
    std::string qualifier{};
    Operator op = Operator::any;
    std::string version{};

    bool operator==(const Relation&) const = default;
};

/// `libc6 (>= 2.36)`, as a user of apt would write it.
[[nodiscard]] std::string to_string(const Relation& relation);
/// `<<`, `<=`, `=`, `>=`, `>>`; empty for any.
[[nodiscard]] std::string_view to_string(Operator op);

/// Alternatives, best first: `a | b`.
using Alternatives = std::vector<Relation>;

/// The alternatives joined by ` | `.
[[nodiscard]] std::string to_string(const Alternatives& alternatives);

/// One package version that a repository offers.
struct Package {
    std::string name{};
    std::string version{};
    std::string architecture{}; ///< as the distribution writes it (`amd64`, `all`)
    std::string source{};       ///< source package name
    std::string source_version{};
    std::string url{};                ///< absolute
    std::string sha256{};             ///< of the package file, lower-case hex
    std::uint64_t size = 0;           ///< of the package file, bytes
    std::uint64_t installed_size = 0; ///< bytes, 0 when unknown
    std::string suite{};              ///< codename of the suite that offers it (`trixie-security`)
    std::string priority{};
    bool essential = false;
    std::vector<Alternatives> pre_depends{};
    std::vector<Alternatives> depends{};
    std::vector<Relation> provides{}; ///< op is any or equal
    std::vector<Relation> conflicts{};
    std::vector<Relation> breaks{};
    std::vector<Relation> replaces{};
};

} // namespace pare::package
