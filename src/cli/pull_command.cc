// SPDX-License-Identifier: Apache-2.0
#include "cli/registry_options.hh"

#include <memory>

namespace pare::cli {

namespace {

struct PullOptions {
    std::string reference{};
    std::string output{};
    std::string format = "oci";
    std::string tag{};
    std::string platform{};
    RegistryOptions registry{};
};

int run(const PullOptions& options, Session& session) {
    const oci::ImageReference from = remote_reference(options.reference);
    const oci::OutputFormat format = oci::parse_output_format(options.format);
    RegistryTools tools(options.registry, session);
    const registry::Copied copied = registry::copy_to_disk(
        from, options.output, format, options.tag,
        {.platform = optional_platform(options.platform)}, tools.mover());
    tell_copied(copied, options.output, session);
    return 0;
}

} // namespace

Command pull_command() {
    const auto options = std::make_shared<PullOptions>();
    Command command{
        .details = "Fetches an image from a registry as it is: digests stay. Everything is held\n"
                   "against its digest. A layout that has some of it already gets the rest.\n",
        .examples = "pare pull registry.example/team/cc:13 -o images\n"
                    "pare pull debian:13 -o debian.tar --format docker-archive "
                    "--platform linux/arm64\n",
        .options =
            {{.names = "REFERENCE",
              .help = "[HOST/]REPOSITORY[:TAG][@sha256:DIGEST]",
              .target = &options->reference,
              .need = Need::required},
             {.names = "-o,--output",
              .value = "OUTPUT",
              .help = "where the image goes",
              .target = &options->output,
              .need = Need::required},
             format_option(options->format),
             {.names = "-t,--tag",
              .value = "NAME",
              .help = "what the image is called there [the reference in full]",
              .target = &options->tag},
             platform_option(options->platform)},
        .run = [options](Session& session) { return run(*options, session); }};
    add_options(command, options->registry.options());
    return command;
}

} // namespace pare::cli
