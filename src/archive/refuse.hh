// SPDX-License-Identifier: Apache-2.0
// How the readers of this room say no.
#pragma once

#include "support/error.hh"

#include <fmt/core.h>

#include <string>
#include <string_view>

namespace pare::archive {

/// `NAME: WHAT`, as ErrorKind::refused.
[[noreturn]] inline void refuse(const std::string& name, std::string_view what) {
    throw Error(
        ErrorKind::refused, fmt::format("{}: {}", name, what),
        "fetch or make the file again; if it stays like this, tell who published it");
}

} // namespace pare::archive
