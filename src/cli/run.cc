// SPDX-License-Identifier: Apache-2.0
// The program around a command: reads the command line, makes what the command works with, and
// renders what came of it. Errors become text here and nowhere else.
#include "cli/run.hh"

#include "cli/arguments.hh"
#include "cli/report_error.hh"
#include "cli/session.hh"
#include "cli/signals.hh"

#include <string>
#include <vector>

namespace pare::cli {

namespace {

Verbosity verbosity_of(const CommonOptions& common) {
    if (common.quiet) {
        return Verbosity::quiet;
    }
    return common.verbose > 0 ? Verbosity::verbose : Verbosity::normal;
}

int run_command(
    const Invocation& invocation, const Environment& environment, const Terminal& terminal) {
    const SignalWatch signals;
    Output output(invocation.common.json ? ResultForm::json : ResultForm::text, write_to_stdout);
    Progress progress(terminal, verbosity_of(invocation.common));
    Session session{
        .output = output,
        .progress = progress,
        .environment = environment,
        .stop = signals.token()};
    try {
        return invocation.command.run(session);
    } catch (...) {
        // Whatever failed because of the interruption is not what the user wants to read about.
        progress.finish();
        if (session.stop.stop_requested()) {
            throw Error(ErrorKind::interrupted, "interrupted");
        }
        throw;
    }
}

} // namespace

int run(int argc, char** argv) {
    const Environment environment = process_environment();
    const Terminal terminal = standard_error(environment);
    try {
        const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
        const Invocation invocation = parse_arguments(arguments);
        if (invocation.help) {
            write_to_stdout(*invocation.help);
            return 0;
        }
        return run_command(invocation, environment, terminal);
    } catch (...) {
        const Error error = as_error(std::current_exception());
        terminal.write(render_error(error, terminal));
        return exit_status(error.kind());
    }
}

} // namespace pare::cli
