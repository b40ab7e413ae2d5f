// SPDX-License-Identifier: Apache-2.0
#include "build/rebase.hh"
#include "cli/build_result.hh"
#include "cli/report_error.hh"
#include "cli/result_json.hh"
#include "cli/source_options.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <memory>

namespace pare::cli {

namespace {

/// How many notes, and refusals of one check, a person reads; --json has them all.
constexpr std::size_t kMostShown = 10;

struct RebaseOptions {
    std::string image{};
    std::string onto{};
    std::string base{};
    bool check = false;
    std::string output{};
    std::string format = "oci";
    std::vector<std::string> tags{};
    SourceOptions source{};
};

std::string describe(const build::PackageChange& change) {
    return change.before.empty() ? fmt::format("{} {} is new", change.name, change.after)
           : change.after.empty()
               ? fmt::format("{} {} is gone", change.name, change.before)
               : fmt::format("{} {} -> {}", change.name, change.before, change.after);
}

/// The refusals of a platform that a person reads, and in place of others how many there are.
std::vector<build::Refusal> shown(const std::vector<build::Refusal>& refusals) {
    std::map<build::RebaseCheck, std::size_t> counts;
    std::vector<build::Refusal> some;
    for (const build::Refusal& refusal : refusals) {
        if (++counts[refusal.check] <= kMostShown) {
            some.push_back(refusal);
        }
    }
    for (const auto& [check, count] : counts) {
        if (count > kMostShown) {
            some.push_back(
                {check, fmt::format("and {} more", count - kMostShown), "see them with --json"});
        }
    }
    return some;
}

std::vector<std::string> shown(const std::vector<std::string>& notes) {
    if (notes.size() <= kMostShown) {
        return notes;
    }
    std::vector<std::string> some(notes.begin(), notes.begin() + kMostShown);
    some.push_back(fmt::format("and {} more: see them with --json", notes.size() - kMostShown));
    return some;
}

void tell(const build::Rebased& rebased, Session& session) {
    for (const std::string& note : shown(rebased.notes)) {
        session.progress.message(
            Severity::info, fmt::format("{}: {}", platform_name(rebased.platform), note));
    }
    if (!rebased.refusals.empty()) {
        return;
    }
    session.progress.message(
        Severity::info,
        fmt::format(
            "{}: {} own layer{} kept on {} of the new base", platform_name(rebased.platform),
            rebased.own_layers, rebased.own_layers == 1 ? "" : "s",
            rebased.image.layers.size() - rebased.own_layers));
    for (const build::PackageChange& change : rebased.packages) {
        session.progress.message(
            Severity::info,
            fmt::format("{}: {}", platform_name(rebased.platform), describe(change)));
    }
}

/// --check: what it came to, for each platform.
std::string report(const build::RebaseResult& result) {
    std::string text;
    for (const build::Rebased& rebased : result.platforms) {
        text += fmt::format(
            "{}: {}\n", platform_name(rebased.platform),
            rebased.refusals.empty() ? "safe" : "not safe");
        for (const build::Refusal& refusal : shown(rebased.refusals)) {
            text += fmt::format(
                "  {}: {}\n    {}\n", build::check_name(refusal.check),
                printable_line(refusal.message), printable_line(refusal.hint));
        }
        for (const std::string& note : shown(rebased.notes)) {
            text += fmt::format("  note: {}\n", printable_line(note));
        }
        for (const build::PackageChange& change : rebased.packages) {
            text += fmt::format("  {}\n", printable_line(describe(change)));
        }
    }
    return text;
}

json::Value rebased_json(const build::Rebased& rebased) {
    json::Array refusals;
    for (const build::Refusal& refusal : rebased.refusals) {
        refusals.emplace_back(json::Object{
            {"check", build::check_name(refusal.check)},
            {"message", refusal.message},
            {"hint", refusal.hint}});
    }
    json::Array packages;
    for (const build::PackageChange& change : rebased.packages) {
        packages.emplace_back(json::Object{
            {"name", change.name}, {"before", change.before}, {"after", change.after}});
    }
    return json::Object{
        {"platform", platform_json(rebased.platform)},
        {"safe", rebased.refusals.empty()},
        {"refusals", std::move(refusals)},
        {"notes", json::Array(rebased.notes.begin(), rebased.notes.end())},
        {"old_base", rebased.old_base},
        {"new_base", rebased.new_base},
        {"packages", std::move(packages)},
        {"own_layers", std::uint64_t{rebased.own_layers}},
        {"digest", rebased.manifest_digest},
        {"layers", layers_json(rebased.image)}};
}

json::Value result_json(const build::RebaseResult& result) {
    json::Array platforms;
    for (const build::Rebased& rebased : result.platforms) {
        platforms.push_back(rebased_json(rebased));
    }
    json::Array tags;
    for (const oci::Written& written : result.written) {
        tags.push_back(written_json(written));
    }
    return json::Object{
        {"safe", result.is_safe()}, {"tags", std::move(tags)}, {"platforms", std::move(platforms)}};
}

void render(const RebaseOptions& options, const build::RebaseResult& result, Session& session) {
    if (session.output.form() == ResultForm::json) {
        session.output.json(result_json(result));
    } else if (options.check) {
        session.output.text(report(result));
    } else {
        session.output.text(written_lines(result.written));
    }
}

/// Refusals are the result of --check; else they are why there is none.
void tell_refusals(const build::RebaseResult& result, Session& session) {
    const Terminal& terminal = session.progress.terminal();
    for (const build::Rebased& rebased : result.platforms) {
        for (const build::Refusal& refusal : shown(rebased.refusals)) {
            const Error error(
                ErrorKind::refused,
                fmt::format(
                    "{}: {}: {}", platform_name(rebased.platform), build::check_name(refusal.check),
                    refusal.message),
                refusal.hint);
            terminal.write(render_error(error, terminal));
        }
    }
}

int run(const RebaseOptions& options, Session& session) {
    const build::RebaseRequest request{
        .image = options.image,
        .onto = options.onto,
        .base = options.base,
        .check = options.check,
        .output = options.output,
        .format = oci::parse_output_format(options.format),
        .tags = options.tags,
        .source_date_epoch = options.source.request({}, session.environment).source_date_epoch};
    Toolbox toolbox(options.source, session);
    const build::RebaseResult result = build::rebase(request, toolbox.tools());
    session.progress.finish();
    render(options, result, session);
    if (!options.check) {
        for (const build::Rebased& rebased : result.platforms) {
            tell(rebased, session);
        }
        tell_refusals(result, session);
    }
    return result.is_safe() ? 0 : 1;
}

} // namespace

Command rebase_command() {
    const auto options = std::make_shared<RebaseOptions>();
    return {
        .details =
            "Puts the layers that an image has of its own on the layers of a new base, byte for\n"
            "byte, and merges the configurations. Refuses, with status 1, what a rebuild might\n"
            "give otherwise, and says which check failed. An image for several platforms moves\n"
            "as a whole or not at all.\n",
        .examples = "pare rebase oci:images:server --onto oci:images:cc:latest\n"
                    "pare rebase oci:images:server --onto oci:bases:cc:latest --check\n"
                    "pare rebase oci:images:server --onto oci:new:cc --base oci:old:cc -o moved\n",
        .options =
            {{.names = "IMAGE",
              .help = "oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE or "
                      "[HOST/]REPOSITORY[:TAG][@sha256:DIGEST]",
              .target = &options->image,
              .need = Need::required},
             {.names = "--onto",
              .value = "BASE",
              .help = "the new base, named likewise",
              .target = &options->onto,
              .need = Need::required},
             {.names = "--base",
              .value = "OLD",
              .help = "the base that the image was built on [the one that it records]",
              .target = &options->base},
             {.names = "--check",
              .help = "only say whether it is safe: status 0, or 1",
              .target = &options->check},
             {.names = "-o,--output",
              .value = "OUTPUT",
              .help = "where the image goes [the layout that IMAGE is in]",
              .target = &options->output},
             format_option(options->format),
             {.names = "-t,--tag",
              .value = "TAG",
              .help = "name of the image; may be given again [its own]",
              .target = &options->tags},
             {.names = "--store",
              .value = "DIR",
              .help = "the cache on disk [~/.cache/pare]",
              .target = &options->source.store},
             {.names = "--jobs",
              .value = "N",
              .help = "threads [one a processor]",
              .target = &options->source.jobs}},
        .run = [options](Session& session) { return run(*options, session); }};
}

} // namespace pare::cli
