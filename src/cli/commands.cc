// SPDX-License-Identifier: Apache-2.0
#include "cli/command.hh"

#include <algorithm>
#include <array>
#include <iterator>

namespace pare::cli {

namespace {

constexpr std::array kCommands = {
    CommandRow{"build", "build images from definitions", build_command},
    CommandRow{"wrap", "put a program into the smallest image that runs it", wrap_command},
    CommandRow{"rebase", "move an image to a new base without building it", rebase_command},
    CommandRow{"rebuild", "build an image again and say whether it is the same", rebuild_command},
    CommandRow{"lint", "find mistakes in a Dockerfile", lint_command},
    CommandRow{"lock", "write down the exact packages of a definition", lock_command},
    CommandRow{"update", "renew the versions and hashes of upstream archives", update_command},
    CommandRow{
        "show config", "show what a definition comes to, or an image's configuration",
        show_config_command},
    CommandRow{"show packages", "list the packages of an image", show_packages_command},
    CommandRow{
        "show files", "list the files of an image and where they come from", show_files_command},
    CommandRow{"show layers", "list the layers of an image", show_layers_command},
    CommandRow{"show why", "say why a package is in an image", show_why_command},
    CommandRow{"inspect", "say what is in an image, whoever made it", inspect_command},
    CommandRow{"diff", "say what differs between two images", diff_command},
    CommandRow{
        "explain", "say where a file or package of an image is from, and why", explain_command},
    CommandRow{"sbom", "list everything that is in an image, as SPDX or CycloneDX", sbom_command},
    CommandRow{"publish", "build images and send them to a registry", publish_command},
    CommandRow{"provenance", "show how an image was made", provenance_command},
    CommandRow{"push", "send an image to a registry", push_command},
    CommandRow{"pull", "fetch an image from a registry", pull_command},
    CommandRow{"copy", "copy an image with all that belongs to it", copy_command},
    CommandRow{"ls", "list the tags of a repository in a registry", ls_command},
    CommandRow{"tag", "give an image in a registry one more tag", tag_command},
    CommandRow{"delete", "delete an image from a registry", delete_command},
    CommandRow{"login", "keep the user and password of a registry", login_command},
    CommandRow{"logout", "forget the user and password of a registry", logout_command},
    CommandRow{"cache info", "show what the store holds", cache_info_command},
    CommandRow{
        "cache prune", "remove from the store what was not used lately", cache_prune_command},
    CommandRow{"keygen", "make a key pair to sign images with", keygen_command},
    CommandRow{"sign", "sign an image", sign_command},
    CommandRow{"attest", "say something of an image, signed", attest_command},
    CommandRow{"verify", "check who has signed an image", verify_command},
    CommandRow{"version", "show the version of pare", version_command},
};

} // namespace

std::span<const CommandRow> commands() {
    return kCommands;
}

void add_options(Command& command, std::vector<Option> more) {
    std::ranges::move(more, std::back_inserter(command.options));
}

Option format_option(std::string& target) {
    return {
        .names = "--format",
        .value = "FORMAT",
        .help = "oci (a directory), oci-archive or docker-archive [oci]",
        .target = &target};
}

} // namespace pare::cli
