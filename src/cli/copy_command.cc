// SPDX-License-Identifier: Apache-2.0
#include "cli/registry_options.hh"

#include <fmt/core.h>

#include <memory>

namespace pare::cli {

namespace {

struct CopyCommandOptions {
    std::string source{};
    std::string target{};
    std::string platform{};
    bool no_referrers = false;
    RegistryOptions registry{};
};

oci::OutputFormat format_of(oci::Transport transport) {
    switch (transport) {
    case oci::Transport::oci_archive:
        return oci::OutputFormat::oci_archive;
    case oci::Transport::docker_archive:
        return oci::OutputFormat::docker_archive;
    case oci::Transport::oci:
    case oci::Transport::registry:
        break;
    }
    return oci::OutputFormat::oci;
}

registry::Copied copy(
    const oci::ImageReference& from, const oci::ImageReference& to,
    const registry::CopyOptions& options, registry::Mover mover) {
    if (to.transport == oci::Transport::registry) {
        return registry::copy_to_registry(from, to, options, mover);
    }
    if (!to.digest.empty()) {
        throw Error(
            ErrorKind::usage, fmt::format("{} names a digest", oci::to_string(to)),
            "give the target a tag, or nothing");
    }
    return registry::copy_to_disk(from, to.path, format_of(to.transport), to.tag, options, mover);
}

int run(const CopyCommandOptions& options, Session& session) {
    const oci::ImageReference from = oci::parse_image_reference(options.source);
    const oci::ImageReference to = oci::parse_image_reference(options.target);
    RegistryTools tools(options.registry, session);
    const registry::CopyOptions copying{
        .referrers = options.no_referrers ? registry::Referrers::leave : registry::Referrers::take,
        .platform = optional_platform(options.platform)};
    tell_copied(copy(from, to, copying, tools.mover()), oci::to_string(to), session);
    return 0;
}

} // namespace

Command copy_command() {
    const auto options = std::make_shared<CopyCommandOptions>();
    Command command{
        .details =
            "Copies an image as it is, so that its digest stays, together with what belongs to it:\n"
            "signatures, SBOMs, attestations. They are found by the referrers API or its fallback\n"
            "tag, under cosign's older tags, and in index.json of a layout.\n",
        .examples = "pare copy registry.example/cc:13 mirror.example/cc:13\n"
                    "pare copy registry.example/cc:13 oci:images:cc\n"
                    "pare copy oci:images:cc registry.example/cc:13 --no-referrers\n",
        .options =
            {{.names = "SOURCE",
              .help = "oci:DIRECTORY[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:NAME] or "
                      "[HOST/]REPOSITORY[:TAG][@sha256:DIGEST]",
              .target = &options->source,
              .need = Need::required},
             {.names = "TARGET",
              .help = "likewise",
              .target = &options->target,
              .need = Need::required},
             {.names = "--no-referrers",
              .help = "leave what belongs to the image",
              .target = &options->no_referrers},
             platform_option(options->platform)},
        .run = [options](Session& session) { return run(*options, session); }};
    add_options(command, options->registry.options());
    return command;
}

} // namespace pare::cli
