// SPDX-License-Identifier: Apache-2.0
#include "build/sbom.hh"
#include "cli/source_options.hh"
#include "support/files.hh"

#include <fmt/core.h>

#include <algorithm>
#include <memory>

namespace pare::cli {

namespace {

struct SbomOptions {
    std::string reference{};
    std::string format = "spdx";
    std::string output{};
    bool derive = false;
    SourceOptions source{};
};

bool is_directory(const std::string& output) {
    return output.ends_with('/') || std::filesystem::is_directory(output);
}

/// One file for each image, `sbom-arm64.spdx.json`, and one for the index.
void write_all(
    const std::filesystem::path& directory, const build::Sboms& sboms, sbom::Format format) {
    std::filesystem::create_directories(directory);
    const auto write = [&](const std::string& name, const sbom::Written& document) {
        write_file(directory / ("sbom-" + name + sbom::file_suffix(format)), document.bytes);
    };
    for (const sbom::IndexPart& part : sboms.images) {
        const oci::Platform platform = part.subject.platform.value_or(oci::Platform());
        const std::string variant = oci::plain_variant(platform);
        write(platform.architecture + (variant.empty() ? "" : "-" + variant), part.document);
    }
    if (sboms.index) {
        write("index", *sboms.index);
    }
}

int run(const SbomOptions& options, Session& session) {
    const build::SbomRequest request{
        .reference = options.reference,
        .request = options.source.request({}, session.environment),
        .format = sbom::parse_format(options.format),
        .derive = options.derive,
        .tool_version = PARE_VERSION};
    Toolbox toolbox(options.source, session);
    const build::Sboms sboms = build::make_sboms(request, toolbox.tools());
    session.progress.finish();
    const Bytes& bytes = sboms.index ? sboms.index->bytes : sboms.images.front().document.bytes;
    if (options.output.empty()) {
        session.output.text(bytes);
    } else if (is_directory(options.output)) {
        write_all(options.output, sboms, request.format);
    } else {
        write_file(options.output, bytes);
    }
    return 0;
}

} // namespace

Command sbom_command() {
    const auto options = std::make_shared<SbomOptions>();
    Command command{
        .details =
            "Prints what is in an image: its packages with licences, where they come from and what\n"
            "they need, and every file with its hash and who brought it. Of an image for several\n"
            "platforms it prints the document of the index, which names those of the images; --arch\n"
            "picks one, -o DIRECTORY/ writes all.\n"
            "An image that comes with an SBOM gives that one.\n",
        .examples = "pare sbom cc\n"
                    "pare sbom oci:images:cc:latest --sbom-format cyclonedx -o cc.cdx.json\n"
                    "pare sbom server.yaml --arch all -o sboms/\n",
        .options =
            {{.names = "IMAGE",
              .help = "a definition, or oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, "
                      "HOST/REPOSITORY[:TAG][@sha256:DIGEST]",
              .target = &options->reference,
              .need = Need::required},
             {.names = "--sbom-format",
              .value = "FORMAT",
              .help = "spdx or cyclonedx [spdx]",
              .target = &options->format},
             {.names = "-o,--output",
              .value = "OUTPUT",
              .help = "a file, or a directory for the documents of all platforms",
              .target = &options->output},
             {.names = "--derive",
              .help = "make it of what is in the image, whatever came with it",
              .target = &options->derive}},
        .run = [options](Session& session) { return run(*options, session); }};
    add_options(command, options->source.options());
    return command;
}

} // namespace pare::cli
