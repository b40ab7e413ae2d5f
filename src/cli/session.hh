// SPDX-License-Identifier: Apache-2.0
// What run() makes for a command and hands to it.
#pragma once

#include "cli/output.hh"
#include "cli/progress.hh"
#include "cli/terminal.hh"

#include <stop_token>

namespace pare::cli {

struct Session {
    Output& output;
    Progress& progress;
    const Environment& environment;
    std::stop_token stop{};
};

} // namespace pare::cli
