// SPDX-License-Identifier: Apache-2.0
#include "cli/output.hh"
#include "cli/source_options.hh"
#include "support/files.hh"

#include <fmt/core.h>

#include <memory>

namespace pare::cli {

namespace {

constexpr const char* kBuiltInOutput = "archives.lock.json";

struct UpdateOptions {
    std::vector<std::string> definitions{};
    std::string output{};
    bool family = false;
    bool check = false;
    SourceOptions source{};
};

struct PinChange {
    std::string name{};
    std::string old_version{}; ///< empty: it was not locked
    std::string new_version{};
};

/// Archives whose version or hashes differ.
std::vector<PinChange>
find_changes(const package::ArchivePins& known, const package::ArchivePins& found) {
    std::vector<PinChange> changes;
    for (const auto& [name, pin] : found) {
        const auto before = known.find(name);
        if (before == known.end()) {
            changes.push_back({.name = name, .new_version = pin.version});
        } else if (before->second != pin) {
            changes.push_back(
                {.name = name, .old_version = before->second.version, .new_version = pin.version});
        }
    }
    return changes;
}

std::string render(const std::vector<PinChange>& changes) {
    std::vector<std::vector<std::string>> rows;
    rows.reserve(changes.size());
    for (const PinChange& change : changes) {
        rows.push_back(
            {change.old_version.empty() ? "added" : "changed", change.name,
             change.old_version.empty() || change.old_version == change.new_version
                 ? change.new_version
                 : change.old_version + " -> " + change.new_version});
    }
    return render_table(rows);
}

json::Value document_of(const std::filesystem::path& path, const std::vector<PinChange>& changes) {
    json::Array list;
    for (const PinChange& change : changes) {
        list.emplace_back(json::Object{
            {"archive", change.name}, {"old", change.old_version}, {"new", change.new_version}});
    }
    return json::Object{{"lock", path.string()}, {"changes", std::move(list)}};
}

void check(const UpdateOptions& options) {
    if (options.family == !options.definitions.empty()) {
        throw Error(
            ErrorKind::usage,
            options.family
                ? "--family renews the archives of all built-in definitions, and no other"
                : "pare update needs DEFINITION",
            options.family ? "leave the definitions out, or --family" : "see pare update --help");
    }
}

std::filesystem::path place_of(const UpdateOptions& options, const build::UpdatedPins& updated) {
    for (const std::string& named : {options.output, options.source.archive_pins}) {
        if (!named.empty()) {
            return named;
        }
    }
    return updated.path.empty() ? kBuiltInOutput : updated.path;
}

int run(const UpdateOptions& options, Session& session) {
    check(options);
    build::Request request = options.source.request(options.definitions, session.environment);
    request.family = options.family;
    Toolbox toolbox(options.source, session);
    const std::vector<build::UpdatedPins> all = build::update_archives(request, toolbox.tools());
    session.progress.finish();
    if (all.empty()) {
        throw Error(
            ErrorKind::usage, "there is no archive to renew",
            "only contents.archives without sha256 are in the lock of archives");
    }
    if (all.size() > 1 && !options.output.empty()) {
        throw Error(
            ErrorKind::usage, "these definitions have locks of archives in different places",
            "leave --output out, or renew one definition at a time");
    }
    json::Array documents;
    bool changed = false;
    for (const build::UpdatedPins& updated : all) {
        const std::filesystem::path path = place_of(options, updated);
        // What that file has of other archives stays.
        package::ArchivePins pins =
            std::filesystem::exists(path)
                ? package::parse_archive_pins(read_file(path), path.string())
                : updated.known;
        const std::vector<PinChange> changes = find_changes(pins, updated.found);
        changed = changed || !changes.empty();
        documents.push_back(document_of(path, changes));
        if (session.output.form() == ResultForm::text) {
            session.output.text(render(changes));
        }
        if (!options.check) {
            for (const auto& [name, pin] : updated.found) {
                pins[name] = pin;
            }
            write_file(path, package::write_archive_pins(pins));
            session.progress.message(
                Severity::info,
                fmt::format(
                    "wrote {}{}", path.string(), changes.empty() ? ", nothing has changed" : ""));
        }
    }
    if (session.output.form() == ResultForm::json) {
        session.output.json(documents);
    }
    return options.check && changed ? 1 : 0;
}

} // namespace

Command update_command() {
    const auto options = std::make_shared<UpdateOptions>();
    Command command{
        .details =
            "Asks the projects whose archives a definition uses (contents.archives) for their\n"
            "newest wanted versions, and writes these with the hashes for each architecture to\n"
            "archives.lock.json beside the definition. For built-in definitions it goes to the\n"
            "current directory, and pare build --archives FILE uses it. Packages of distributions\n"
            "are renewed with pare lock.\n",
        .examples = "pare update server.yaml\n"
                    "pare update nodejs22 nodejs24 -o archives.lock.json\n"
                    "pare update --family --check\n",
        .options =
            {{.names = "DEFINITION",
              .help = "YAML files, or names of built-in ones",
              .target = &options->definitions},
             {.names = "-o,--output",
              .value = "FILE",
              .help = "where the lock of archives goes [archives.lock.json beside the definition]",
              .target = &options->output},
             {.names = "--family", .help = "all built-in definitions", .target = &options->family},
             {.names = "--check",
              .help = "write nothing; exit with 1 when there is something new",
              .target = &options->check}},
        .run = [options](Session& session) { return run(*options, session); }};
    add_options(command, options->source.options());
    return command;
}

} // namespace pare::cli
