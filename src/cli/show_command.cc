// SPDX-License-Identifier: Apache-2.0
// The commands that look into images: `show config|packages|files|layers|why`.
#include "build/image_source.hh"
#include "cli/image_words.hh"
#include "cli/result_json.hh"
#include "cli/source_options.hh"
#include "definition/built_in.hh"
#include "oci/read.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <memory>

namespace pare::cli {

namespace {

using Rows = std::vector<std::vector<std::string>>;

struct ShowOptions {
    std::string reference{};
    std::string package{};
    SourceOptions source{};
};

/// How one image is shown, in either form.
struct View {
    Rows (*rows)(const build::Shown& shown);
    json::Value (*json)(const build::Shown& shown);
};

/// `drwxr-xr-x`, as ls(1) has it.
std::string mode_text(const tree::Entry& entry) {
    const char type = entry.type == tree::EntryType::directory ? 'd'
                      : entry.type == tree::EntryType::symlink ? 'l'
                                                               : '-';
    return cli::mode_text(type, entry.mode);
}

std::string_view type_name(tree::EntryType type) {
    switch (type) {
    case tree::EntryType::file:
        return "file";
    case tree::EntryType::directory:
        return "directory";
    case tree::EntryType::symlink:
        return "symlink";
    case tree::EntryType::hard_link:
        return "hard_link";
    }
    return "";
}

Rows package_rows(const build::Shown& shown) {
    Rows rows;
    for (const build::ShownPackage& package : shown.packages) {
        rows.push_back(
            {package.name, package.version, package.architecture,
             format_size(package.installed_bytes), package.reason});
    }
    return rows;
}

json::Value packages_json(const build::Shown& shown) {
    json::Array packages;
    for (const build::ShownPackage& package : shown.packages) {
        packages.emplace_back(json::Object{
            {"name", package.name},
            {"version", package.version},
            {"architecture", package.architecture},
            {"source", package.source},
            {"bytes", package.installed_bytes},
            {"reason", package.reason}});
    }
    return packages;
}

Rows file_rows(const build::Shown& shown) {
    Rows rows;
    for (const build::ShownFile& file : shown.files) {
        const tree::Entry& entry = file.entry;
        std::string path = entry.path.absolute();
        path += entry.type == tree::EntryType::symlink     ? " -> " + entry.link
                : entry.type == tree::EntryType::hard_link ? " == /" + entry.link
                                                           : "";
        rows.push_back(
            {mode_text(entry), fmt::format("{}:{}", entry.uid, entry.gid),
             fmt::format("{}", entry.size), path, file.origin});
    }
    return rows;
}

json::Value files_json(const build::Shown& shown) {
    json::Array files;
    for (const build::ShownFile& file : shown.files) {
        const tree::Entry& entry = file.entry;
        json::Object object{
            {"path", entry.path.absolute()},
            {"type", type_name(entry.type)},
            {"mode", fmt::format("{:04o}", entry.mode)},
            {"uid", std::uint64_t{entry.uid}},
            {"gid", std::uint64_t{entry.gid}},
            {"size", entry.size},
            {"mtime", entry.mtime}};
        if (!entry.link.empty()) {
            object.set("link", entry.link);
        }
        object.set("origin", file.origin);
        files.emplace_back(std::move(object));
    }
    return files;
}

Rows layer_rows(const build::Shown& shown) {
    Rows rows;
    for (const oci::Layer& layer : shown.image.layers) {
        rows.push_back(
            {layer.descriptor.digest, format_size(layer.descriptor.size), layer.created_by});
    }
    return rows;
}

json::Value shown_layers_json(const build::Shown& shown) {
    return layers_json(shown.image);
}

int run_view(const ShowOptions& options, const View& view, Session& session) {
    const build::Request request = options.source.request({}, session.environment);
    Toolbox toolbox(options.source, session);
    const std::vector<build::Shown> images =
        build::show(options.reference, request, toolbox.tools());
    session.progress.finish();
    if (session.output.form() == ResultForm::json) {
        json::Array list;
        for (const build::Shown& shown : images) {
            list.emplace_back(json::Object{
                {"name", shown.name},
                {"platform", platform_json(shown.image.platform)},
                {"items", view.json(shown)}});
        }
        session.output.json(list);
        return 0;
    }
    for (const build::Shown& shown : images) {
        if (images.size() > 1) {
            session.output.text(
                fmt::format("{} {}:\n", shown.name, platform_name(shown.image.platform)));
        }
        session.output.text(render_table(view.rows(shown)));
    }
    return 0;
}

/// The configurations of an image, as they are in it.
int run_image_config(const ShowOptions& options, Session& session) {
    Toolbox toolbox(options.source, session);
    const oci::ImageReader reader(
        build::open_content(oci::parse_image_reference(options.reference), toolbox.tools()));
    json::Array configs;
    for (const oci::ImageEntry& entry : reader.images()) {
        const oci::Document config = oci::write_config(entry.image);
        configs.push_back(json::parse(config.bytes, options.reference));
    }
    session.output.json(configs.size() == 1 ? configs.front() : json::Value(configs));
    return 0;
}

int run_config(const ShowOptions& options, Session& session) {
    if (build::names_image(options.reference)) {
        return run_image_config(options, session);
    }
    const build::Request request = options.source.request({}, session.environment);
    const auto chains = definition::read_definition(
        {.reference = options.reference,
         .variants = request.variants,
         .distribution = request.distributions.empty() ? "" : request.distributions.front()},
        definition::built_in_library());
    json::Array documents;
    std::string text;
    for (const definition::Chain& chain : chains) {
        const std::string yaml = definition::show_config(chain);
        text += (text.empty() ? "" : "---\n") + yaml;
        documents.emplace_back(json::Object{{"variant", chain.variant}, {"definition", yaml}});
    }
    if (session.output.form() == ResultForm::json) {
        session.output.json(documents);
    } else {
        session.output.text(text);
    }
    return 0;
}

int run_why(const ShowOptions& options, Session& session) {
    const build::Request request = options.source.request({}, session.environment);
    Toolbox toolbox(options.source, session);
    const std::vector<std::string> sentences =
        build::why(options.reference, options.package, request, toolbox.tools());
    session.progress.finish();
    if (session.output.form() == ResultForm::json) {
        session.output.json(json::Array(sentences.begin(), sentences.end()));
    } else {
        for (const std::string& sentence : sentences) {
            session.output.text(printable_line(sentence) + "\n");
        }
    }
    return 0;
}

using Run = int (*)(const ShowOptions&, Session&);

/// A command with the options that all of them have.
Command make_command(const std::shared_ptr<ShowOptions>& options, Run run) {
    Command command{
        .options =
            {{.names = "IMAGE",
              .help = "a definition, or oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, "
                      "HOST/REPOSITORY[:TAG][@sha256:DIGEST]",
              .target = &options->reference,
              .need = Need::required}},
        .run = [options, run](Session& session) { return run(*options, session); }};
    add_options(command, options->source.options());
    return command;
}

} // namespace

Command show_config_command() {
    Command command = make_command(std::make_shared<ShowOptions>(), run_config);
    command.details =
        "Shows a definition with all that it takes over from others and all defaults,\n"
        "or the configuration that an image carries.\n";
    command.examples = "pare show config server.yaml\npare show config oci:images:cc:latest";
    return command;
}

Command show_packages_command() {
    Command command = make_command(
        std::make_shared<ShowOptions>(), [](const ShowOptions& options, Session& session) {
            return run_view(options, {.rows = package_rows, .json = packages_json}, session);
        });
    command.details =
        "Lists packages with version, architecture, size in the image and the reason.\n";
    command.examples = "pare show packages cc\npare show packages docker-archive:server.tar --json";
    return command;
}

Command show_files_command() {
    Command command = make_command(
        std::make_shared<ShowOptions>(), [](const ShowOptions& options, Session& session) {
            return run_view(options, {.rows = file_rows, .json = files_json}, session);
        });
    command.details = "Lists files with mode, owner, size and what brought them.\n";
    command.examples = "pare show files cc:debug\npare show files oci:images:cc:latest";
    return command;
}

Command show_layers_command() {
    Command command = make_command(
        std::make_shared<ShowOptions>(), [](const ShowOptions& options, Session& session) {
            return run_view(options, {.rows = layer_rows, .json = shown_layers_json}, session);
        });
    command.details = "Lists layers with digest, compressed size and what is in them.\n";
    command.examples = "pare show layers cc\npare show layers oci-archive:server.tar";
    return command;
}

Command show_why_command() {
    const auto options = std::make_shared<ShowOptions>();
    Command command = make_command(options, run_why);
    command.options.front().names = "DEFINITION";
    command.options.front().help = "a YAML file, or the name of a built-in one";
    command.options.insert(
        command.options.begin() + 1, {.names = "PACKAGE",
                                      .help = "the package in question",
                                      .target = &options->package,
                                      .need = Need::required});
    command.details = "Says by which chain of dependencies a package is in an image, or why not.\n";
    command.examples = "pare show why cc libgcc-s1";
    return command;
}

} // namespace pare::cli
