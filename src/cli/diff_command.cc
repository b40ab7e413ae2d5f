// SPDX-License-Identifier: Apache-2.0
#include "build/changelogs.hh"
#include "build/image_changes.hh"
#include "cli/diff_result.hh"
#include "cli/inspecting_options.hh"

#include <algorithm>
#include <memory>

namespace pare::cli {

namespace {

struct DiffOptions {
    std::string before{};
    std::string after{};
    std::vector<std::string> debs{};
    InspectingOptions common{};
};

int run(const DiffOptions& options, Session& session) {
    Toolbox toolbox(options.common.source, session);
    const build::Tools tools = toolbox.tools();
    build::Inspector inspector(tools);
    const std::vector<std::string> architectures = options.common.architectures();
    const auto before = inspector.inspect(options.before, architectures);
    const auto after = inspector.inspect(options.after, architectures);
    std::vector<build::ImageChanges> platforms = build::compare(before, after);
    if (!options.debs.empty()) {
        build::add_changelogs(platforms, {options.debs.begin(), options.debs.end()}, tools.events);
    }
    session.progress.finish();
    if (session.output.form() == ResultForm::json) {
        session.output.json(changes_json(options.before, options.after, platforms));
    } else {
        session.output.text(changes_text(platforms));
    }
    return std::ranges::all_of(platforms, &build::ImageChanges::is_same) ? 0 : 1;
}

} // namespace

Command diff_command() {
    const auto options = std::make_shared<DiffOptions>();
    Command command{
        .details =
            "Says what differs between two images, platform by platform: packages that were\n"
            "added, removed or have another version, files, the configuration, sizes. Status 0\n"
            "when the images are the same bit for bit, else 1.\n"
            "--debs adds the changelogs of packages with another version.\n",
        .examples = "pare diff oci:images:server:1.0 oci:images:server:1.1\n"
                    "pare diff oci:images:server:1.0 registry.example/server:1.0 --json\n",
        .options = {
            image_argument("BEFORE", options->before),
            image_argument("AFTER", options->after),
            {.names = "--debs",
             .value = "DIR",
             .help = "directory of .deb files of the second image: say what their changelogs say; "
                     "may be given again",
             .target = &options->debs}}};
    command.run = [options](Session& session) { return run(*options, session); };
    add_options(command, options->common.options());
    return command;
}

} // namespace pare::cli
