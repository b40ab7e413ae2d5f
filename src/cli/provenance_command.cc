// SPDX-License-Identifier: Apache-2.0
#include "build/attached_provenance.hh"
#include "build/image_source.hh"
#include "cli/source_options.hh"
#include "support/files.hh"

#include <memory>

namespace pare::cli {

namespace {

struct ProvenanceOptions {
    std::string image{};
    bool predicate = false;
    std::string output{};
    SourceOptions source{};
};

int run(const ProvenanceOptions& options, Session& session) {
    Toolbox toolbox(options.source, session);
    const auto source = build::open_source(options.image, toolbox.tools());
    const attest::Statement statement = build::attached_provenance(*source);
    const Bytes text =
        options.predicate ? json::write(statement.predicate) : attest::write_statement(statement);
    session.progress.finish();
    if (options.output.empty()) {
        session.output.text(text + "\n");
    } else {
        write_file(options.output, text + "\n");
    }
    return 0;
}

} // namespace

Command provenance_command() {
    const auto options = std::make_shared<ProvenanceOptions>();
    Command command{
        .details =
            "Prints how an image was made, as pare build --provenance put it beside the image:\n"
            "an in-toto statement with SLSA provenance. Nobody has signed it; pare verify --type\n"
            "slsaprovenance1 --json prints what somebody has.\n",
        .examples = "pare provenance oci:images:server:1.0\n"
                    "pare provenance oci:images:server:1.0 --predicate -o provenance.json\n",
        .options =
            {{.names = "IMAGE",
              .help = "oci:DIR[:TAG], oci-archive:FILE or [HOST/]REPOSITORY[:TAG][@sha256:DIGEST]",
              .target = &options->image,
              .need = Need::required},
             {.names = "--predicate",
              .help = "without the statement around it",
              .target = &options->predicate},
             {.names = "-o,--output",
              .value = "FILE",
              .help = "where it goes [standard output]",
              .target = &options->output},
             {.names = "--store",
              .value = "DIR",
              .help = "the cache on disk [~/.cache/pare]",
              .target = &options->source.store}},
        .run = [options](Session& session) { return run(*options, session); }};
    add_options(command, options->source.registry.options());
    return command;
}

} // namespace pare::cli
