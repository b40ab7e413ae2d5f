// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/terminal.hh"
#include "support/error.hh"

#include <exception>
#include <string>

namespace pare::cli {

/// The exit status of a kind of error (docs/errors.md).
[[nodiscard]] int exit_status(ErrorKind kind);

/// What any exception comes to: foreign ones are the system's or bugs of ours.
[[nodiscard]] Error as_error(const std::exception_ptr& problem);

/// The error in lines: what and where, the line of the file, what was being done, how to mend it.
[[nodiscard]] std::string render_error(const Error& error, const Terminal& terminal);

} // namespace pare::cli
