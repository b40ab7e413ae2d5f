// SPDX-License-Identifier: Apache-2.0
// Oracles that are asked by a command line. Apart from run_command.hh, which programs without the
// test framework link too.
#pragma once

#include "support/run_command.hh"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

namespace pare::test {

/// Runs a command line in `directory` and gives its output; the test fails unless it succeeds.
inline std::string shell(const std::string& line, const std::filesystem::path& directory) {
    const CommandResult result = run_command(
        {"sh", "-c", line},
        {.environment = {{"LC_ALL", "C.UTF-8"}, {"TZ", "UTC"}}, .directory = directory});
    REQUIRE_MESSAGE(result.status == 0, line, "\n", result.output);
    return result.output;
}

} // namespace pare::test
