// SPDX-License-Identifier: Apache-2.0
#include "cli/lock_changes.hh"
#include "cli/source_options.hh"
#include "support/files.hh"

#include <fmt/core.h>

#include <memory>

namespace pare::cli {

namespace {

struct LockOptions {
    std::string definition{};
    std::string output{};
    SourceOptions source{};
};

/// The lock that is there now; an empty one when there is none.
package::Lock read_old(const std::filesystem::path& path) {
    return std::filesystem::exists(path) ? package::parse_lock(read_file(path), path.string())
                                         : package::Lock();
}

json::Value changes_json(const std::vector<LockChange>& changes) {
    json::Array list;
    for (const LockChange& change : changes) {
        list.emplace_back(json::Object{
            {"architecture", change.architecture},
            {"package", change.package},
            {"old", change.old_version},
            {"new", change.new_version}});
    }
    return list;
}

int run(const LockOptions& options, Session& session) {
    const build::Request request =
        options.source.request({options.definition}, session.environment);
    Toolbox toolbox(options.source, session);
    const package::Lock lock = build::lock(options.definition, request, toolbox.tools());
    session.progress.finish();
    const std::string text = package::write_lock(lock);
    if (options.output == "-") {
        session.output.text(text);
        return 0;
    }
    const std::filesystem::path path = options.output.empty()
                                           ? default_lock_path(options.definition)
                                           : std::filesystem::path(options.output);
    const std::vector<LockChange> changes = find_changes(read_old(path), lock);
    write_file(path, text);
    if (session.output.form() == ResultForm::json) {
        session.output.json(
            json::Object{{"lock", path.string()}, {"changes", changes_json(changes)}});
    } else {
        session.output.text(render_changes(changes));
        session.progress.message(
            Severity::info,
            fmt::format(
                "wrote {}{}", path.string(), changes.empty() ? ", no package has changed" : ""));
    }
    return 0;
}

} // namespace

Command lock_command() {
    const auto options = std::make_shared<LockOptions>();
    Command command{
        .details =
            "Resolves a definition and writes the exact packages to a lock, which pare build\n"
            "--locked uses. Standard output gets what has changed since the lock that was there.\n",
        .examples = "pare lock server.yaml\n"
                    "pare lock server.yaml --arch all -o server.lock.json\n"
                    "pare lock cc -o -\n",
        .options =
            {{.names = "DEFINITION",
              .help = "a YAML file, or the name of a built-in one",
              .target = &options->definition,
              .need = Need::required},
             {.names = "-o,--output",
              .value = "FILE",
              .help = "where the lock goes, - for standard output [DEFINITION.lock.json]",
              .target = &options->output}},
        .run = [options](Session& session) { return run(*options, session); }};
    add_options(command, options->source.options());
    return command;
}

} // namespace pare::cli
