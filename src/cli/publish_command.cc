// SPDX-License-Identifier: Apache-2.0
#include "build/publish.hh"
#include "cli/build_result.hh"
#include "cli/building_options.hh"
#include "cli/registry_options.hh"
#include "cli/result_json.hh"

#include <fmt/core.h>

#include <memory>

namespace pare::cli {

namespace {

struct PublishOptions {
    std::string definition{};
    std::vector<std::string> references{};
    BuildingOptions building{.sbom = "spdx"};
};

/// The family has no definition: all names are references.
build::PublishRequest request_of(const PublishOptions& options, const Session& session) {
    std::vector<std::string> definitions = {options.definition};
    std::vector<std::string> references = options.references;
    if (options.building.family) {
        definitions.clear();
        references.insert(references.begin(), options.definition);
    }
    if (references.empty()) {
        throw Error(
            ErrorKind::usage, "pare publish needs REF",
            "name the image in a registry: registry.example/team/server:1");
    }
    return {
        .options = options.building.request(definitions, session),
        .references = std::move(references)};
}

void tell(const build::Publications& publications, Session& session) {
    session.progress.finish();
    tell_images(publications.result, session);
    json::Array targets;
    std::string lines;
    for (const build::Published& published : publications.published) {
        targets.emplace_back(copied_json(published.copied, published.reference));
        lines += fmt::format("{}@{}\n", published.reference, published.copied.top.digest);
        session.progress.message(
            Severity::info,
            fmt::format("{}: {}", published.reference, copied_text(published.copied)));
    }
    if (session.output.form() == ResultForm::json) {
        session.output.json(json::Object{
            {"published", std::move(targets)}, {"build", result_json(publications.result)}});
    } else {
        session.output.text(lines);
    }
}

int run(const PublishOptions& options, Session& session) {
    const build::PublishRequest request = request_of(options, session);
    Toolbox toolbox(options.building.source, session);
    tell(build::publish(request, toolbox.tools()), session);
    return 0;
}

} // namespace

Command publish_command() {
    const auto options = std::make_shared<PublishOptions>();
    Command command{
        .details =
            "Builds images and sends them to registries: what a registry has is not sent again, and\n"
            "a tag is written when all that it stands for is there, its bill of materials with it.\n"
            "A REF that ends with '/' is a folder, in which each image has its own name. Standard\n"
            "output gets REF@DIGEST.\n",
        .examples = "pare publish server.yaml registry.example/team/server:1\n"
                    "pare publish server.yaml --arch all --provenance registry.example/server:1 "
                    "registry.example/server:latest\n"
                    "pare publish cc --variant all registry.example/distroless/\n"
                    "pare publish --family registry.example/distroless/\n",
        .options =
            {{.names = "DEFINITION",
              .help = "a YAML file, or the name of a built-in one: cc, cc:debug",
              .target = &options->definition,
              .need = Need::required},
             {.names = "REF",
              .help = "where the image goes: HOST/REPOSITORY[:TAG], or HOST/FOLDER/; may be "
                      "given again",
              .target = &options->references}},
        .run = [options](Session& session) { return run(*options, session); }};
    add_options(command, options->building.options());
    return command;
}

} // namespace pare::cli
