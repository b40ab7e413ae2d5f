// SPDX-License-Identifier: Apache-2.0
#include "cli/build_result.hh"
#include "cli/building_options.hh"
#include "cli/result_json.hh"

#include <fmt/core.h>

#include <memory>

namespace pare::cli {

namespace {

struct BuildOptions {
    std::vector<std::string> definitions{};
    std::string output{};
    std::string format = "oci";
    std::vector<std::string> tags{};
    bool list = false;
    BuildingOptions building{};
};

void check(const BuildOptions& options) {
    const bool family = options.building.family;
    if (family == !options.definitions.empty()) {
        throw Error(
            ErrorKind::usage,
            family ? "--family builds all built-in definitions, and no other"
                   : "pare build needs DEFINITION",
            family ? "leave the definitions out, or --family" : "see pare build --help");
    }
    if (options.output.empty() && !options.list) {
        throw Error(ErrorKind::usage, "pare build needs --output OUTPUT", "see pare build --help");
    }
}

/// --list: what would be built.
int list(const build::Request& request, const build::Tools& tools, Session& session) {
    std::vector<std::vector<std::string>> rows;
    json::Array documents;
    for (const build::Planned& row : build::matrix(request, tools)) {
        rows.push_back({row.tag, row.distribution, row.architecture});
        documents.emplace_back(json::Object{
            {"tag", row.tag},
            {"definition", row.name},
            {"variant", row.variant},
            {"distribution", row.distribution},
            {"architecture", row.architecture}});
    }
    session.progress.finish();
    if (session.output.form() == ResultForm::json) {
        session.output.json(documents);
    } else {
        session.output.text(render_table(rows));
    }
    return 0;
}

int run(const BuildOptions& options, Session& session) {
    check(options);
    build::Options request = options.building.request(options.definitions, session);
    request.format = oci::parse_output_format(options.format);
    request.output = options.output;
    request.tags = options.tags;
    Toolbox toolbox(options.building.source, session);
    if (options.list) {
        return list(request.request, toolbox.tools(), session);
    }
    const build::Result result = build::build(request, toolbox.tools());
    session.progress.finish();
    tell_images(result, session);
    if (session.output.form() == ResultForm::json) {
        session.output.json(result_json(result));
    } else {
        session.output.text(written_lines(result));
    }
    return 0;
}

} // namespace

Command build_command() {
    const auto options = std::make_shared<BuildOptions>();
    Command command{
        .details =
            "Builds images and writes them to OUTPUT. Standard output gets TAG@DIGEST, a line a\n"
            "tag; an OCI layout keeps the images that are in it under other tags.\n",
        .examples = "pare build cc -o images\n"
                    "pare build --family --arch amd64,arm64 -o images\n"
                    "pare build server.yaml --arch all --tag registry.example/server:1 -o images\n"
                    "pare build server.yaml --locked --format docker-archive -o server.tar\n",
        .options =
            {{.names = "DEFINITION",
              .help = "a YAML file, or the name of a built-in one: cc, cc:debug",
              .target = &options->definitions},
             {.names = "-o,--output",
              .value = "OUTPUT",
              .help = "where the images go",
              .target = &options->output},
             {.names = "--list",
              .help = "print which images that are, and build none",
              .target = &options->list},
             format_option(options->format),
             {.names = "-t,--tag",
              .value = "TAG",
              .help = "name of the image; may be given again [DEFINITION:VARIANT]",
              .target = &options->tags}},
        .run = [options](Session& session) { return run(*options, session); }};
    add_options(command, options->building.options());
    return command;
}

} // namespace pare::cli
