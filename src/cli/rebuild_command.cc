// SPDX-License-Identifier: Apache-2.0
#include "attest/verify.hh"
#include "build/attached_provenance.hh"
#include "build/image_source.hh"
#include "build/rebuild.hh"
#include "cli/build_result.hh"
#include "cli/rebuild_result.hh"
#include "cli/signing_options.hh"
#include "cli/source_options.hh"
#include "support/files.hh"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <memory>

namespace pare::cli {

namespace {

constexpr std::uint64_t kLargestStatement = std::uint64_t{256} << 20;

struct RebuildOptions {
    std::string image{};
    bool verify = false;
    std::vector<std::string> keys{};
    std::string provenance{};
    std::string directory = ".";
    std::string output{};
    std::string format = "oci";
    std::vector<std::string> tags{};
    SourceOptions source{};
};

/// The predicate of provenance, and who stands for it.
struct FoundProvenance {
    json::Value predicate{};
    ProvenanceOrigin origin{};
};

void check(const RebuildOptions& options) {
    if (!options.verify && options.output.empty()) {
        throw Error(
            ErrorKind::usage, "pare rebuild needs --verify, or --output OUTPUT",
            "--verify says whether the image is the same");
    }
    if (!options.keys.empty() && !options.provenance.empty()) {
        throw Error(
            ErrorKind::usage, "--key and --provenance contradict each other",
            "a signed attestation is looked for beside the image");
    }
}

FoundProvenance signed_provenance(const RebuildOptions& options, Session& session) {
    attest::Requirement requirement{.predicate_type = attest::kProvenanceType};
    for (const std::string& key : options.keys) {
        requirement.signers.push_back(
            {.name = key, .who = attest::KeyHolder{read_public_key(key, session.environment)}});
    }
    const OpenedHome opened =
        open_home(options.image, "", options.source.registry, registry::Access::pull, session);
    attest::Outcome outcome = attest::verify(*opened.home, requirement, std::nullopt);
    if (outcome.accepted.empty()) {
        for (const attest::Rejected& one : outcome.rejected) {
            session.progress.message(
                Severity::warning, fmt::format("{}: {}", one.place, one.reason));
        }
        throw Error(
            ErrorKind::refused, fmt::format("{} has no {}", options.image, to_string(requirement)),
            "sign it: pare attest IMAGE --key KEY --type slsaprovenance1");
    }
    attest::Accepted& accepted = outcome.accepted.front();
    return {std::move(accepted.predicate), {.place = accepted.place, .signer = accepted.signer}};
}

FoundProvenance
find_provenance(const RebuildOptions& options, const build::Tools& tools, Session& session) {
    if (!options.keys.empty()) {
        return signed_provenance(options, session);
    }
    const auto source = build::open_source(options.image, tools);
    if (!options.provenance.empty()) {
        attest::Statement statement = build::parse_provenance_statement(
            read_file(options.provenance, kLargestStatement), options.provenance,
            source->top().digest);
        return {std::move(statement.predicate), {.place = options.provenance}};
    }
    return {build::attached_provenance(*source).predicate, {.place = "beside the image"}};
}

void render(
    const RebuildOptions& options, const build::RebuildResult& result,
    const ProvenanceOrigin& origin, Session& session) {
    session.progress.finish();
    if (session.output.form() == ResultForm::json) {
        session.output.json(rebuild_json(options.image, result, origin));
        return;
    }
    if (options.verify) {
        session.output.text(verdict_text(options.image, result, origin));
    } else {
        session.progress.message(Severity::info, origin.sentence());
    }
    session.output.text(written_lines(result.written));
}

int run(const RebuildOptions& options, Session& session) {
    check(options);
    Toolbox toolbox(options.source, session);
    const FoundProvenance found = find_provenance(options, toolbox.tools(), session);
    const build::RebuildRequest request{
        .image = options.image,
        .provenance = attest::parse_provenance(found.predicate),
        .source = options.directory,
        .verify = options.verify,
        .request = options.source.request({}, session.environment),
        .format = oci::parse_output_format(options.format),
        .output = options.output,
        .tags = options.tags,
        .tool_version = PARE_VERSION};
    const build::RebuildResult result = build::rebuild(request, toolbox.tools());
    render(options, result, found.origin, session);
    return options.verify && !result.is_same() ? 1 : 0;
}

/// What of the options of a build does not come from the provenance.
std::vector<Option> source_options(SourceOptions& source) {
    std::vector<Option> all = {
        {.names = "--mirror",
         .value = "URL",
         .help = "take the distribution's packages from here",
         .target = &source.mirror},
        {.names = "--store",
         .value = "DIR",
         .help = "the cache on disk, of which only packages are used [~/.cache/pare]",
         .target = &source.store},
        {.names = "--jobs",
         .value = "N",
         .help = "threads [one a processor]",
         .target = &source.jobs},
        {.names = "--offline",
         .help = "use the packages in the store alone, no network",
         .target = &source.offline}};
    std::ranges::move(source.registry.options(), std::back_inserter(all));
    return all;
}

} // namespace

Command rebuild_command() {
    const auto options = std::make_shared<RebuildOptions>();
    Command command{
        .details =
            "Builds an image again from its provenance: the definitions and the lock that are in\n"
            "it, for all platforms, without anything that an earlier build left in the store.\n"
            "--verify says whether that gives the same image bit for bit, and if it does not,\n"
            "which files differ: status 0, or 1. The user's own files are looked for in --source\n"
            "and must be those of the image.\n",
        .examples = "pare rebuild --verify oci:images:server:1.0\n"
                    "pare rebuild --verify oci:images:server:1.0 --key ci.pub --source checkout\n"
                    "pare rebuild oci:images:server:1.0 -o again\n",
        .options =
            {{.names = "IMAGE",
              .help = "oci:DIR[:TAG], oci-archive:FILE or [HOST/]REPOSITORY[:TAG][@sha256:DIGEST]",
              .target = &options->image,
              .need = Need::required},
             {.names = "--verify",
              .help = "compare the image with the rebuilt one",
              .target = &options->verify},
             {.names = "--key",
              .value = "KEY",
              .help = "a public key (a file or env://NAME) that must have signed the provenance; "
                      "may be given again, one is enough",
              .target = &options->keys},
             {.names = "--provenance",
              .value = "FILE",
              .help = "the statement [the one that came with the image]",
              .target = &options->provenance},
             {.names = "--source",
              .value = "DIR",
              .help = "the directory of the sources [.]",
              .target = &options->directory},
             {.names = "-o,--output",
              .value = "OUTPUT",
              .help = "where the rebuilt image goes",
              .target = &options->output},
             format_option(options->format),
             {.names = "-t,--tag",
              .value = "TAG",
              .help = "name of the rebuilt image; may be given again [that of the image]",
              .target = &options->tags}},
        .run = [options](Session& session) { return run(*options, session); }};
    add_options(command, source_options(options->source));
    return command;
}

} // namespace pare::cli
