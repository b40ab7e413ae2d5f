// SPDX-License-Identifier: Apache-2.0
// What the name of a base image tells: whether there is a shell, which C library and language it
// has, who runs. Nothing is fetched.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pare::audit {

enum class Origin {
    scratch,
    distroless, ///< images of the distroless project, and of pare, which are like them
    chainguard, ///< images for run time, without a shell
    other,
};

enum class Libc { unknown, none, glibc, musl };

/// `3.13` or `21`; a number that is not known is -1.
struct Version {
    int major = -1;
    int minor = -1;

    bool operator==(const Version&) const = default;
};

struct Base {
    std::string repository{}; ///< without tag and digest, and without docker.io and library/
    std::string name{};       ///< the last part of the repository
    std::string tag{};
    std::string digest{};
    Origin origin = Origin::other;
    bool debug = false; ///< with a shell or tools that its plain sibling does not have
    std::string user{}; ///< a number; empty: unknown
    Libc libc = Libc::unknown;
    int debian = 0;         ///< the release; 0: unknown or none
    std::string language{}; ///< `python`, `node`, `java`, `go`, `rust`, or empty
    Version version{};      ///< of the language
    std::string program{};  ///< what its ENTRYPOINT starts: `python`, `node`, `java`, or empty

    /// All but images with an unknown content have no /bin/sh; those with `debug` have /busybox/sh.
    [[nodiscard]] bool has_known_content() const { return origin != Origin::other; }
};

[[nodiscard]] Base describe_base(std::string_view reference);

} // namespace pare::audit
