// SPDX-License-Identifier: Apache-2.0
// Runs a program of the host: without a shell, with nothing on its standard input, and with an end
// to how much of what it prints is kept.
#pragma once

#include "support/bytes.hh"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace pare {

struct SubprocessOptions {
    std::filesystem::path directory{};   ///< where it runs; empty: here
    std::vector<std::string> without{};  ///< variables of our environment that it does not get
    std::size_t most_output = 1U << 20U; ///< bytes that are kept of each of its two outputs
};

struct SubprocessResult {
    int status = 0; ///< its exit status; 128 + number when a signal ended it
    Bytes output{}; ///< from standard output
    Bytes errors{}; ///< from standard error
};

/// Runs `arguments`, the first of which is a path, and waits for its end. Throws
/// ErrorKind::environment when it cannot be started.
[[nodiscard]] SubprocessResult
run_subprocess(const std::vector<std::string>& arguments, const SubprocessOptions& options = {});

} // namespace pare
