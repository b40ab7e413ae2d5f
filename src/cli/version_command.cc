// SPDX-License-Identifier: Apache-2.0
#include "cli/command.hh"
#include "cli/session.hh"

namespace pare::cli {

namespace {

int run(Session& session) {
    if (session.output.form() == ResultForm::json) {
        session.output.json(json::Object{{"version", PARE_VERSION}});
    } else {
        session.output.text("pare " PARE_VERSION "\n");
    }
    return 0;
}

} // namespace

Command version_command() {
    return {.details = "Shows the version of pare.\n", .examples = "pare version", .run = run};
}

} // namespace pare::cli
