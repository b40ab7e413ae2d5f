// SPDX-License-Identifier: Apache-2.0
#include "cli/build_result.hh"
#include "cli/result_json.hh"
#include "cli/source_options.hh"
#include "support/files.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <memory>

namespace pare::cli {

namespace {

struct BuildOptions {
    std::vector<std::string> definitions{};
    std::string output{};
    std::string format = "oci";
    std::vector<std::string> tags{};
    std::string compression = "gzip";
    std::string sbom = "none";
    bool locked = false;
    std::string lock{};
    bool family = false;
    bool list = false;
    SourceOptions source{};
};

/// The locks to build from, by definition.
std::map<std::string, package::Lock> read_locks(const BuildOptions& options) {
    std::map<std::string, package::Lock> locks;
    if (!options.lock.empty() && options.definitions.size() != 1) {
        throw Error(
            ErrorKind::usage, "--lock names one lock, but there are several definitions",
            "give --locked alone: each definition then has its own lock beside it");
    }
    if (!options.locked && options.lock.empty()) {
        return locks;
    }
    for (const std::string& definition : options.definitions) {
        const std::filesystem::path path = options.lock.empty()
                                               ? default_lock_path(definition)
                                               : std::filesystem::path(options.lock);
        if (!std::filesystem::exists(path)) {
            throw Error(
                ErrorKind::usage,
                fmt::format("there is no lock {} for {}", path.string(), definition),
                fmt::format("make it with: pare lock {}", definition));
        }
        locks[definition] = package::parse_lock(read_file(path), path.string());
    }
    return locks;
}

void check(const BuildOptions& options) {
    if (options.family == !options.definitions.empty()) {
        throw Error(
            ErrorKind::usage,
            options.family ? "--family builds all built-in definitions, and no other"
                           : "pare build needs DEFINITION",
            options.family ? "leave the definitions out, or --family" : "see pare build --help");
    }
    if (options.output.empty() && !options.list) {
        throw Error(ErrorKind::usage, "pare build needs --output OUTPUT", "see pare build --help");
    }
    const bool is_locked = options.locked || !options.lock.empty();
    if (is_locked && (options.family || options.source.distributions.size() > 1)) {
        throw Error(
            ErrorKind::usage, "a lock is for one definition and one release",
            "build each with its own lock");
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
    build::Request what = options.source.request(options.definitions, session.environment);
    what.family = options.family;
    if (options.list) {
        Toolbox toolbox(options.source, session);
        return list(what, toolbox.tools(), session);
    }
    const build::Options request{
        .request = std::move(what),
        .locks = read_locks(options),
        .compression = archive::parse_compression(options.compression),
        .format = oci::parse_output_format(options.format),
        .output = options.output,
        .tags = options.tags,
        .sboms = sbom::parse_formats(options.sbom),
        .tool_version = PARE_VERSION};
    Toolbox toolbox(options.source, session);
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
             {.names = "--family",
              .help = "all built-in definitions, variants, releases and architectures",
              .target = &options->family},
             {.names = "--list",
              .help = "print which images that are, and build none",
              .target = &options->list},
             {.names = "--format",
              .value = "FORMAT",
              .help = "oci (a directory), oci-archive or docker-archive [oci]",
              .target = &options->format},
             {.names = "-t,--tag",
              .value = "TAG",
              .help = "name of the image; may be given again [DEFINITION:VARIANT]",
              .target = &options->tags},
             {.names = "--compression",
              .value = "KIND",
              .help = "gzip[:LEVEL], zstd[:LEVEL] or none [gzip]",
              .target = &options->compression},
             {.names = "--sbom",
              .value = "KIND",
              .help =
                  "put a list of what is in it beside each image: spdx, cyclonedx or both [none]",
              .target = &options->sbom},
             {.names = "--locked",
              .help = "use the packages of the lock, and no others",
              .target = &options->locked},
             {.names = "--lock",
              .value = "FILE",
              .help = "the lock [DEFINITION.lock.json]",
              .target = &options->lock}},
        .run = [options](Session& session) { return run(*options, session); }};
    for (Option& option : options->source.options()) {
        command.options.push_back(std::move(option));
    }
    return command;
}

} // namespace pare::cli
