// SPDX-License-Identifier: Apache-2.0
#include "build/inspection.hh"
#include "cli/inspect_result.hh"
#include "cli/inspecting_options.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <memory>

namespace pare::cli {

namespace {

struct InspectOptions {
    std::string reference{};
    std::string path{};
    std::string layer{};
    std::string package{};
    bool all = false;
    InspectingOptions common{};
};

EntryFilter filter_of(const InspectOptions& options) {
    EntryFilter filter{.path = options.path, .package = options.package, .all = options.all};
    if (!options.layer.empty()) {
        const auto number = parse_number(options.layer);
        if (!number || *number == 0) {
            throw Error(
                ErrorKind::usage, fmt::format("--layer {} is no number of a layer", options.layer),
                "the lowest layer is 1");
        }
        filter.layer = *number;
    }
    return filter;
}

int run(const InspectOptions& options, Session& session) {
    const EntryFilter filter = filter_of(options);
    Toolbox toolbox(options.common.source, session);
    const build::Tools tools = toolbox.tools();
    build::Inspector inspector(tools);
    const std::vector<build::Inspection> images =
        inspector.inspect(options.reference, options.common.architectures());
    session.progress.message(Severity::debug, fmt::format("layers read: {}", inspector.opened()));
    session.progress.finish();
    if (session.output.form() == ResultForm::json) {
        json::Array all;
        for (const build::Inspection& image : images) {
            all.emplace_back(inspection_json(image, filter));
        }
        session.output.json(all);
        return 0;
    }
    bool is_first = true;
    for (const build::Inspection& image : images) {
        session.output.text((is_first ? "" : "\n") + inspection_text(image, filter));
        is_first = false;
    }
    return 0;
}

} // namespace

Command inspect_command() {
    const auto options = std::make_shared<InspectOptions>();
    Command command{
        .details =
            "Says what is in an image, whoever made it: its configuration, its layers and what\n"
            "they waste, packages, which programs and libraries there are and what they lack, and\n"
            "the tree. A layer is read once; what is in it is kept in the store.\n"
            "--json has all of it, with every entry and who needs what.\n",
        .examples = "pare inspect oci:images:cc:latest\n"
                    "pare inspect docker-archive:server.tar --path /etc\n"
                    "pare inspect oci:images:cc:latest --layer 2 --json\n",
        .options = {
            image_argument("IMAGE", options->reference),
            {.names = "--path",
             .value = "PATH",
             .help = "list what is at or below this path, or matches this glob",
             .target = &options->path},
            {.names = "--layer",
             .value = "N",
             .help = "list what comes from this layer; the lowest is 1",
             .target = &options->layer},
            {.names = "--package",
             .value = "NAME",
             .help = "list what belongs to this package",
             .target = &options->package},
            {.names = "--all", .help = "list every entry", .target = &options->all}}};
    command.run = [options](Session& session) { return run(*options, session); };
    add_options(command, options->common.options());
    return command;
}

} // namespace pare::cli
