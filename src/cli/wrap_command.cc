// SPDX-License-Identifier: Apache-2.0
#include "build/wrap.hh"
#include "cli/build_result.hh"
#include "cli/result_json.hh"
#include "cli/source_options.hh"
#include "support/files.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <memory>

namespace pare::cli {

namespace {

struct WrapOptions {
    std::vector<std::string> paths{};
    std::string output{};
    std::string name{};
    std::string entrypoint{};
    std::vector<std::string> dlopen{};
    std::vector<std::string> packages{};
    std::vector<std::string> repositories{};
    std::string from{};
    std::vector<std::string> exclude{};
    std::vector<std::string> ports{};
    std::string healthcheck{};
    std::string jdk{};
    std::vector<std::string> modules{};
    std::string write_definition{};
    bool explain = false;
    bool dry_run = false;
    std::string format = "oci";
    std::vector<std::string> tags{};
    std::string compression = "gzip";
    SourceOptions source{};
};

void check(const WrapOptions& options) {
    const bool does_something =
        options.dry_run || options.explain || !options.write_definition.empty();
    if (options.output.empty() && !does_something) {
        throw Error(
            ErrorKind::usage, "pare wrap needs --output OUTPUT",
            "or --dry-run, --explain or --write-definition FILE");
    }
    if (!options.jdk.empty() && !options.write_definition.empty()) {
        throw Error(
            ErrorKind::usage, "--write-definition does not go with --jlink",
            "a definition names files that stay, and the runtime is made for this one image");
    }
    if (options.jdk.empty() && !options.modules.empty()) {
        throw Error(
            ErrorKind::usage, "--add-module goes with --jlink",
            "without it, the image has the modules of a whole runtime");
    }
    if (options.source.distributions.size() > 1) {
        throw Error(
            ErrorKind::usage, "a program is for one release", "give --distribution once at most");
    }
}

/// `/usr/lib/x86_64-linux-gnu/libz.so.1 (zlib1g): /usr/bin/x -> libssl.so.3 -> libz.so.1`.
std::string explanation_of(const wrap::Closure& closure, const wrap::Need& need) {
    std::string text =
        fmt::format("{} ({})", need.path.absolute(), need.package.empty() ? "yours" : need.package);
    if (need.by.is_root()) {
        return text;
    }
    const std::vector<wrap::Need> chain = closure.chain_to(need.path);
    text += ": " + chain.front().path.absolute();
    for (std::size_t i = 1; i < chain.size(); ++i) {
        text += " -> " + chain[i].as;
    }
    return text;
}

/// Everything that the program needs, and why; then what was left out.
std::string explain(const build::WrapPlan& plan) {
    std::string text;
    for (const wrap::Need& need : plan.closure.needs) {
        text += explanation_of(plan.closure, need) + "\n";
    }
    for (const build::LeftOut& out : plan.left_out) {
        text += fmt::format("left out: {}: {}\n", out.name, out.reason);
    }
    return text;
}

/// The plan in a line a package, with the bytes of the files that are taken.
std::string summarise(const build::WrapPlan& plan) {
    std::map<std::string, std::pair<std::uint64_t, std::size_t>> sizes;
    std::uint64_t total = 0;
    for (const wrap::Need& need : plan.closure.needs) {
        const std::uint64_t size = plan.offer.at(need.path).size;
        auto& [bytes, files] = sizes[need.package.empty() ? "your files" : need.package];
        bytes += size;
        files += size > 0 ? 1 : 0;
        total += size;
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& [package, size] : sizes) {
        rows.push_back({package, format_size(size.first), fmt::format("{} files", size.second)});
    }
    rows.push_back(
        {"in all", format_size(total),
         plan.from.empty() ? fmt::format("for {}", plan.distribution)
                           : fmt::format("for {}, on {}", plan.distribution, plan.from)});
    return render_table(rows);
}

json::Value document_of(const build::WrapPlan& plan) {
    json::Array files;
    for (const wrap::Need& need : plan.closure.needs) {
        files.emplace_back(json::Object{
            {"path", need.path.absolute()},
            {"package", need.package},
            {"size", plan.offer.at(need.path).size},
            {"needed_by", need.by.is_root() ? "" : need.by.absolute()},
            {"as", need.as}});
    }
    json::Array left_out;
    for (const build::LeftOut& out : plan.left_out) {
        left_out.emplace_back(json::Object{{"name", out.name}, {"reason", out.reason}});
    }
    return json::Object{
        {"name", plan.name},
        {"architectures", json::Array(plan.architectures.begin(), plan.architectures.end())},
        {"distribution", plan.distribution},
        {"from", plan.from},
        {"files", std::move(files)},
        {"left_out", std::move(left_out)},
        {"notes", json::Array(plan.notes.begin(), plan.notes.end())},
        {"definition", plan.definition}};
}

void tell_plan(const WrapOptions& options, const build::WrapPlan& plan, Session& session) {
    session.progress.finish();
    for (const std::string& note : plan.notes) {
        session.progress.message(Severity::warning, note);
    }
    if (!options.write_definition.empty()) {
        write_file(options.write_definition, plan.definition);
        session.progress.message(Severity::info, "wrote " + options.write_definition);
    }
    if (session.output.form() == ResultForm::json) {
        if (options.output.empty()) {
            session.output.json(document_of(plan));
        }
    } else if (options.explain) {
        session.output.text(explain(plan));
    } else if (options.dry_run) {
        session.output.text(summarise(plan));
    }
}

int run(const WrapOptions& options, Session& session) {
    check(options);
    const build::WrapRequest request{
        .paths = {options.paths.begin(), options.paths.end()},
        .name = options.name,
        .entrypoint = split_command(options.entrypoint),
        .dlopen = options.dlopen,
        .packages = options.packages,
        .repositories = options.repositories,
        .from = options.from,
        .exclude = options.exclude,
        .ports = options.ports,
        .healthcheck = options.healthcheck,
        .jdk = options.jdk,
        .modules = options.modules,
        .source = options.source.request({}, session.environment)};
    Toolbox toolbox(options.source, session);
    const build::WrapPlan plan = build::plan_wrap(request, toolbox.tools());
    tell_plan(options, plan, session);
    if (options.output.empty() || options.dry_run) {
        return 0;
    }
    const build::Options build{
        .request = request.source,
        .compression = archive::parse_compression(options.compression),
        .format = oci::parse_output_format(options.format),
        .output = options.output,
        .tags = options.tags};
    const build::Result result = build::build_wrap(plan, build, toolbox.tools());
    session.progress.finish();
    tell_images(result, session);
    if (session.output.form() == ResultForm::json) {
        session.output.json(result_json(result));
    } else if (!options.explain) {
        session.output.text(written_lines(result));
    }
    return 0;
}

} // namespace

Command wrap_command() {
    const auto options = std::make_shared<WrapOptions>();
    Command command{
        .details =
            "Puts a program into the smallest image that runs it: the program, the libraries that\n"
            "it needs from the packages that have them, and what its text shows that it will use:\n"
            "certificates, time zones, names of services. Refuses what would not start.\n"
            "Further files and directories go beside the program.\n",
        .examples =
            "pare wrap ./server -o images\n"
            "pare wrap ./server ./libown.so.1 --dlopen libpq.so.5 -o images\n"
            "pare wrap ./dist --entrypoint /app/dist/bin/server --explain\n"
            "pare wrap ./app.jar ./lib --jlink /usr/lib/jvm/java-17-openjdk-amd64 -o images\n"
            "pare wrap ./server --write-definition server.yaml\n",
        .options =
            {{.names = "PATH",
              .help = "a program for Linux, then files and directories that it needs",
              .target = &options->paths,
              .need = Need::required},
             {.names = "-o,--output",
              .value = "OUTPUT",
              .help = "where the image goes",
              .target = &options->output},
             {.names = "--name",
              .value = "NAME",
              .help = "of the image [that of the program]",
              .target = &options->name},
             {.names = "--entrypoint",
              .value = "COMMAND",
              .help = "what the image runs [the program]",
              .target = &options->entrypoint},
             {.names = "--dlopen",
              .value = "LIBRARY",
              .help =
                  "a library that the program opens itself, like libpq.so.5; may be given again",
              .target = &options->dlopen},
             {.names = "--package",
              .value = "PACKAGE",
              .help = "a further package, as in a definition; may be given again",
              .target = &options->packages},
             {.names = "--repository",
              .value = "SOURCE",
              .help = "take packages from here, as in a definition; may be given again "
                      "[--distribution]",
              .target = &options->repositories},
             {.names = "--from",
              .value = "DEFINITION",
              .help = "build on this one, like cc or ./base.yaml [what suits the program]",
              .target = &options->from},
             {.names = "--exclude",
              .value = "GLOB",
              .help = "leave this out of directories: a name, or a path; may be given again",
              .target = &options->exclude},
             {.names = "-p,--port",
              .value = "PORT",
              .help = "what the program listens on, like 8080 or 53/udp; may be given again",
              .target = &options->ports},
             {.names = "--healthcheck",
              .value = "URL",
              .help = "ask the program how it is, like http://127.0.0.1:8080/healthz",
              .target = &options->healthcheck},
             {.names = "--jlink",
              .value = "JDK",
              .help = "make the runtime of a Java program from the modules that it uses",
              .target = &options->jdk},
             {.names = "--add-module",
              .value = "MODULE",
              .help = "with --jlink: one that the program finds by its name, like java.naming; "
                      "may be given again",
              .target = &options->modules},
             {.names = "--explain",
              .help = "print for each file who needs it",
              .target = &options->explain},
             {.names = "--dry-run",
              .help = "print what would be in the image, and build nothing",
              .target = &options->dry_run},
             {.names = "--write-definition",
              .value = "FILE",
              .help = "write the definition that gives the same image",
              .target = &options->write_definition},
             format_option(options->format),
             {.names = "-t,--tag",
              .value = "TAG",
              .help = "name of the image; may be given again [NAME:latest]",
              .target = &options->tags},
             {.names = "--compression",
              .value = "KIND",
              .help = "gzip[:1-12], zstd[:1-19] or none [gzip]",
              .target = &options->compression}},
        .run = [options](Session& session) { return run(*options, session); }};
    add_options(command, options->source.options());
    return command;
}

} // namespace pare::cli
