// SPDX-License-Identifier: Apache-2.0
// Runs the tools that serve as oracles.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace pare::test {

struct CommandResult {
    int status = 0;       ///< exit status; 128 + number for a signal; 127: no such program
    std::string output{}; ///< stdout and stderr, as they came
};

struct CommandOptions {
    std::vector<std::pair<std::string, std::string>> environment{}; ///< added to ours
    std::filesystem::path directory{};                              ///< empty: ours
};

[[nodiscard]] CommandResult
run_command(const std::vector<std::string>& arguments, const CommandOptions& options = {});
[[nodiscard]] bool has_program(const std::string& name);
/// `$PARE_FIXTURES/NAME`, or where the fixtures stand beside the sources; empty when absent.
[[nodiscard]] std::filesystem::path find_fixture(const std::string& name);

} // namespace pare::test
