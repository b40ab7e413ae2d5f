// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace pare::cli {

/// The whole program: parses the command line, runs the command, renders what came of it. Returns
/// the exit status (docs/errors.md).
[[nodiscard]] int run(int argc, char** argv);

} // namespace pare::cli
