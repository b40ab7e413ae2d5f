// SPDX-License-Identifier: Apache-2.0
#include "cli/registry_options.hh"

#include <fmt/core.h>

#include <memory>

namespace pare::cli {

namespace {

struct PushOptions {
    std::string image{};
    std::string reference{};
    std::string platform{};
    RegistryOptions registry{};
};

int run(const PushOptions& options, Session& session) {
    const oci::ImageReference from = oci::parse_image_reference(options.image);
    if (from.transport == oci::Transport::registry) {
        throw Error(
            ErrorKind::usage, fmt::format("{} is not an image on this machine", options.image),
            fmt::format(
                "use oci:{0}[:TAG] for a layout, or pare copy {0} {1} from a registry",
                options.image, options.reference));
    }
    const oci::ImageReference to = remote_reference(options.reference);
    RegistryTools tools(options.registry, session);
    const registry::Copied copied = registry::copy_to_registry(
        from, to, {.platform = optional_platform(options.platform)}, tools.mover());
    tell_copied(copied, oci::to_string(to), session);
    return 0;
}

} // namespace

Command push_command() {
    const auto options = std::make_shared<PushOptions>();
    Command command{
        .details =
            "Sends an image to a registry. What the registry has is not sent; the tag is written\n"
            "last. Prints the reference with its digest. The image alone goes: pare copy takes\n"
            "along what belongs to it.\n",
        .examples = "pare push oci:images:cc registry.example/team/cc:13\n"
                    "pare push docker-archive:cc.tar 127.0.0.1:5000/cc\n",
        .options =
            {{.names = "IMAGE",
              .help = "oci:DIRECTORY[:TAG], oci-archive:FILE[:TAG] or docker-archive:FILE[:NAME]",
              .target = &options->image,
              .need = Need::required},
             {.names = "REFERENCE",
              .help = "where it goes: HOST/REPOSITORY[:TAG]",
              .target = &options->reference,
              .need = Need::required},
             platform_option(options->platform)},
        .run = [options](Session& session) { return run(*options, session); }};
    add_options(command, options->registry.options());
    return command;
}

} // namespace pare::cli
