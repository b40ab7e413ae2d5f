// SPDX-License-Identifier: Apache-2.0
#include "attest/policy.hh"
#include "attest/statement.hh"
#include "cli/command.hh"
#include "cli/session.hh"
#include "cli/signing_options.hh"
#include "oci/read.hh"
#include "support/files.hh"

#include <fmt/core.h>

#include <memory>
#include <optional>

namespace pare::cli {

namespace {

constexpr std::uint64_t kLargestPolicy = std::uint64_t{1} << 20;
constexpr std::uint64_t kLargestNamedFile = std::uint64_t{4} << 20;

struct VerifyOptions {
    std::string image{};
    std::vector<std::string> keys{};
    std::string policy{};
    std::vector<std::string> types{};
    std::string repository{};
    RegistryOptions registry{};
};

/// A requirement and what was found for it.
struct Verdict {
    attest::Requirement requirement{};
    attest::Outcome outcome{};
};

attest::Policy read_policy(const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    return attest::parse_policy(
        read_file(path, kLargestPolicy), path,
        [&](const std::string& name) { return read_file(folder / name, kLargestNamedFile); });
}

/// What the options ask for by themselves: each type by one of the keys.
std::vector<attest::Requirement>
asked_by_options(const VerifyOptions& options, const Environment& environment) {
    std::vector<attest::Identity> signers;
    signers.reserve(options.keys.size());
    for (const std::string& key : options.keys) {
        signers.push_back(
            {.name = key, .who = attest::KeyHolder{read_public_key(key, environment)}});
    }
    if (signers.empty()) {
        return {};
    }
    if (options.types.empty()) {
        return {{.predicate_type = attest::kSignatureType, .signers = signers}};
    }
    std::vector<attest::Requirement> requirements;
    requirements.reserve(options.types.size());
    for (const std::string& type : options.types) {
        requirements.push_back(
            {.predicate_type = attest::parse_predicate_type(type), .signers = signers});
    }
    return requirements;
}

void check(const VerifyOptions& options) {
    if (options.keys.empty() && options.policy.empty()) {
        throw Error(
            ErrorKind::usage, "nobody is named who must have signed",
            "add --key KEY.pub or --policy FILE");
    }
    if (options.keys.empty() && !options.types.empty()) {
        throw Error(
            ErrorKind::usage, "--type needs a key that must have signed", "add --key KEY.pub");
    }
    // Whoever wrote the layout must not choose the rule by the name that he gave to the image.
    const oci::ImageReference image = oci::parse_image_reference(options.image);
    if (!options.policy.empty() && options.repository.empty() &&
        image.transport != oci::Transport::registry && image.tag.empty()) {
        throw Error(
            ErrorKind::usage, "a policy needs the name of the image",
            "add :TAG to the image, or --repository NAME");
    }
}

json::Value document_of(const attest::ImageHome& home, const std::vector<Verdict>& verdicts) {
    json::Array list;
    for (const Verdict& verdict : verdicts) {
        json::Array signers;
        for (const attest::Identity& signer : verdict.requirement.signers) {
            signers.emplace_back(signer.name);
        }
        json::Array accepted;
        for (const attest::Accepted& one : verdict.outcome.accepted) {
            accepted.emplace_back(json::Object{
                {"place", one.place},
                {"form", to_string(one.form)},
                {"signer", one.signer},
                {"predicate", one.predicate}});
        }
        json::Array rejected;
        for (const attest::Rejected& one : verdict.outcome.rejected) {
            rejected.emplace_back(json::Object{{"place", one.place}, {"reason", one.reason}});
        }
        list.emplace_back(json::Object{
            {"type", verdict.requirement.predicate_type},
            {"signers", std::move(signers)},
            {"met", !verdict.outcome.accepted.empty()},
            {"accepted", std::move(accepted)},
            {"rejected", std::move(rejected)}});
    }
    return json::Object{
        {"digest", home.image().digest},
        {"repository", home.repository()},
        {"requirements", std::move(list)}};
}

void tell(const attest::ImageHome& home, const std::vector<Verdict>& verdicts, Session& session) {
    session.progress.finish();
    if (session.output.form() == ResultForm::json) {
        session.output.json(document_of(home, verdicts));
        return;
    }
    std::vector<std::vector<std::string>> rows;
    for (const Verdict& verdict : verdicts) {
        for (const attest::Accepted& one : verdict.outcome.accepted) {
            const bool signature = one.predicate_type == attest::kSignatureType;
            rows.push_back(
                {signature ? "signature" : one.predicate_type, "by " + one.signer, one.place,
                 "of " + home.image().digest});
        }
    }
    session.output.text(render_table(rows));
}

/// The first requirement that nothing meets ends the command, after everything that was found and
/// is no good was told.
void demand(const VerifyOptions& options, const std::vector<Verdict>& verdicts, Session& session) {
    for (const Verdict& verdict : verdicts) {
        if (!verdict.outcome.accepted.empty()) {
            continue;
        }
        for (const attest::Rejected& one : verdict.outcome.rejected) {
            session.progress.message(
                Severity::warning, fmt::format("{}: {}", one.place, one.reason));
        }
        throw Error(
            ErrorKind::refused,
            fmt::format("{} has no {}", options.image, to_string(verdict.requirement)),
            verdict.outcome.rejected.empty() ? "nothing is attached to the image"
                                             : "nothing that is attached to the image is one");
    }
}

int run(const VerifyOptions& options, Session& session) {
    check(options);
    std::vector<attest::Requirement> requirements = asked_by_options(options, session.environment);
    std::optional<attest::TrustedRoot> root;
    const OpenedHome opened = open_home(
        options.image, options.repository, options.registry, registry::Access::pull, session);
    const attest::ImageHome& home = *opened.home;
    if (!options.policy.empty()) {
        const attest::Policy policy = read_policy(options.policy);
        const attest::Rule& rule = attest::find_rule(policy, home.repository());
        requirements.insert(requirements.end(), rule.requirements.begin(), rule.requirements.end());
        root = policy.root;
    }
    std::vector<Verdict> verdicts;
    verdicts.reserve(requirements.size());
    for (const attest::Requirement& requirement : requirements) {
        verdicts.push_back(
            {.requirement = requirement, .outcome = attest::verify(home, requirement, root)});
    }
    tell(home, verdicts, session);
    demand(options, verdicts, session);
    return 0;
}

} // namespace

Command verify_command() {
    const auto options = std::make_shared<VerifyOptions>();
    Command command{
        .details =
            "Checks who has signed an image, or has said something of it, and asks nobody but the\n"
            "registry that the image is in. Prints the digest of what was checked.\n"
            "A policy says who must have, for the images of which repositories: docs/signing.md.\n"
            "Exit status 4 when something that must be there is not, or is not good.\n",
        .examples = "pare verify oci:images:server:1.0 --key pare.pub\n"
                    "pare verify registry.example/team/server:1.0 --key pare.pub --type spdx\n"
                    "pare verify oci:images:server:1.0 --policy policy.yaml --repository "
                    "registry.example/team/server",
        .options =
            {{.names = "IMAGE",
              .help = kSignedImage,
              .target = &options->image,
              .need = Need::required},
             {.names = "--key",
              .value = "KEY",
              .help = "a public key (a file or env://NAME); may be given again, one is enough",
              .target = &options->keys},
             {.names = "--policy",
              .value = "FILE",
              .help = "who must have signed what",
              .target = &options->policy},
             {.names = "--type",
              .value = "TYPE",
              .help = "ask for a statement of that type in place of a signature; may be given "
                      "again",
              .target = &options->types},
             {.names = "--repository",
              .value = "NAME",
              .help = "what the image is called, for the policy [its tag's, or where it is]",
              .target = &options->repository}},
        .run = [options](Session& session) { return run(*options, session); }};
    add_options(command, options->registry.options());
    return command;
}

} // namespace pare::cli
