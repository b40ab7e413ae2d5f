// SPDX-License-Identifier: Apache-2.0
// What the Go linker leaves in programs: the compiler's version, and the modules they are made of.
#pragma once

#include "support/bytes.hh"

#include <optional>
#include <string>

namespace pare::elf {

struct GoBuildInfo {
    std::string version{}; ///< `go1.22.1`
    /// Lines with tabs: `path`, `mod`, `dep`, `=>`, `build`; empty in programs made without
    /// modules.
    std::string modules{};

    bool operator==(const GoBuildInfo&) const = default;
};

/// Looks for it in a whole ELF file; nothing when there is none, or one of before Go 1.18.
[[nodiscard]] std::optional<GoBuildInfo> find_go_build_info(BytesView file);

} // namespace pare::elf
