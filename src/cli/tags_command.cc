// SPDX-License-Identifier: Apache-2.0
// What a registry holds, and its names: ls, tag, delete.
#include "cli/registry_options.hh"
#include "cli/terminal.hh"

#include <fmt/core.h>

#include <algorithm>
#include <memory>

namespace pare::cli {

namespace {

struct TagsOptions {
    std::string reference{};
    std::string name{};
    RegistryOptions registry{};
};

/// A command over `options`, whose arguments come before the options of all registry commands.
Command make_command(
    const std::shared_ptr<TagsOptions>& options, Command command,
    int (*run)(const TagsOptions&, Session&)) {
    add_options(command, options->registry.options());
    command.run = [options, run](Session& session) { return run(*options, session); };
    return command;
}

/// `registry.example`, `localhost:5000`: no path, and no name that Docker Hub would know.
bool is_registry(const std::string& text) {
    return text.find('/') == std::string::npos &&
           (text == "localhost" || text.find_first_of(".:") != std::string::npos);
}

int run_ls(const TagsOptions& options, Session& session) {
    RegistryTools tools(options.registry, session);
    std::vector<std::string> names;
    const bool of_registry = is_registry(options.reference);
    if (of_registry) {
        const std::string host = oci::parse_registry_host(options.reference);
        names = registry::catalog(tools.registries().endpoint(host, {}));
    } else {
        const oci::ImageReference place = oci::parse_registry_reference(options.reference);
        if (!place.tag.empty() || !place.digest.empty()) {
            throw Error(
                ErrorKind::usage,
                fmt::format("{} is an image, not a repository", options.reference),
                fmt::format("use {}/{}", place.host, place.repository));
        }
        names = tools.repository(place, registry::Access::pull).tags();
    }
    std::sort(names.begin(), names.end());
    session.progress.finish();
    if (session.output.form() == ResultForm::json) {
        session.output.json(json::Object{
            {of_registry ? "repositories" : "tags", json::Array(names.begin(), names.end())}});
        return 0;
    }
    for (const std::string& name : names) {
        session.output.text(printable_line(name) + "\n");
    }
    return 0;
}

/// The new name: a tag alone, or a reference in the same repository.
std::string new_tag(const oci::ImageReference& image, const std::string& name) {
    if (oci::is_tag(name)) {
        return name;
    }
    const oci::ImageReference reference = remote_reference(name);
    if (reference.host != image.host || reference.repository != image.repository) {
        throw Error(
            ErrorKind::usage, fmt::format("{} is another repository", name),
            fmt::format("copy it there: pare copy {} {}", oci::to_string(image), name));
    }
    return reference.tag;
}

int run_tag(const TagsOptions& options, Session& session) {
    const oci::ImageReference image = remote_reference(options.reference);
    const std::string tag = new_tag(image, options.name);
    RegistryTools tools(options.registry, session);
    registry::Repository repository = tools.repository(image, registry::Access::push);
    const auto document = repository.get_manifest(image.digest.empty() ? image.tag : image.digest);
    if (!document) {
        throw Error(
            ErrorKind::usage, fmt::format("there is no image {}", oci::to_string(image)),
            fmt::format("see what there is: pare ls {}", repository.full_name()));
    }
    repository.put_manifest(*document, tag);
    session.progress.finish();
    const std::string name = fmt::format("{}:{}", repository.full_name(), tag);
    if (session.output.form() == ResultForm::json) {
        session.output.json(
            json::Object{{"target", name}, {"digest", document->descriptor.digest}});
    } else {
        session.output.text(fmt::format("{}@{}\n", name, document->descriptor.digest));
    }
    return 0;
}

int run_delete(const TagsOptions& options, Session& session) {
    const oci::ImageReference image = oci::parse_registry_reference(options.reference);
    if (image.tag.empty() == image.digest.empty()) {
        throw Error(
            ErrorKind::usage, "pare delete needs one tag or one digest",
            "use HOST/REPOSITORY:TAG, or HOST/REPOSITORY@sha256:DIGEST for all tags of an image");
    }
    RegistryTools tools(options.registry, session);
    tools.repository(image, registry::Access::remove)
        .remove(image.tag.empty() ? image.digest : image.tag);
    session.progress.finish();
    if (session.output.form() == ResultForm::json) {
        session.output.json(json::Object{{"deleted", oci::to_string(image)}});
    } else {
        session.output.text(fmt::format("deleted {}\n", oci::to_string(image)));
    }
    return 0;
}

} // namespace

Command ls_command() {
    const auto options = std::make_shared<TagsOptions>();
    return make_command(
        options,
        {.details = "Lists the tags of a repository, or the repositories of a registry that tells\n"
                    "them (Docker Hub and others do not).\n",
         .examples = "pare ls registry.example/team/cc\npare ls 127.0.0.1:5000\n",
         .options =
             {{.names = "PLACE",
               .help = "[HOST/]REPOSITORY, or HOST",
               .target = &options->reference,
               .need = Need::required}}},
        run_ls);
}

Command tag_command() {
    const auto options = std::make_shared<TagsOptions>();
    return make_command(
        options,
        {.details =
             "Gives an image in a registry one more tag. Nothing is fetched but its manifest.\n",
         .examples = "pare tag registry.example/cc:13 latest\n",
         .options =
             {{.names = "REFERENCE",
               .help = "[HOST/]REPOSITORY[:TAG][@sha256:DIGEST]",
               .target = &options->reference,
               .need = Need::required},
              {.names = "NEW",
               .help = "the tag",
               .target = &options->name,
               .need = Need::required}}},
        run_tag);
}

Command delete_command() {
    const auto options = std::make_shared<TagsOptions>();
    return make_command(
        options,
        {.details =
             "Deletes a tag, where the registry can do that, or a manifest by its digest with\n"
             "all of its tags. Blobs go when the registry clears up.\n",
         .examples = "pare delete registry.example/cc:old\n",
         .options =
             {{.names = "REFERENCE",
               .help = "HOST/REPOSITORY:TAG or HOST/REPOSITORY@sha256:DIGEST",
               .target = &options->reference,
               .need = Need::required}}},
        run_delete);
}

} // namespace pare::cli
