// SPDX-License-Identifier: Apache-2.0
// The command line, read.
#pragma once

#include "cli/command.hh"

#include <optional>
#include <string>
#include <vector>

namespace pare::cli {

/// What every command takes.
struct CommonOptions {
    int verbose = 0;
    bool quiet = false;
    bool json = false;
};

struct Invocation {
    CommonOptions common{};
    Command command{};                 ///< its options are filled
    std::optional<std::string> help{}; ///< to be printed instead
};

/// Reads the arguments after the program's name. Throws ErrorKind::usage, with the nearest known
/// command or option in the hint.
[[nodiscard]] Invocation parse_arguments(const std::vector<std::string>& arguments);

/// The help of the whole program.
[[nodiscard]] std::string overview();

} // namespace pare::cli
