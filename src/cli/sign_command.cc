// SPDX-License-Identifier: Apache-2.0
// The commands that attach something to images: `sign` and `attest`.
#include "build/attached_provenance.hh"
#include "cli/command.hh"
#include "cli/session.hh"
#include "cli/signing_options.hh"
#include "support/files.hh"

#include <fmt/core.h>

#include <functional>
#include <memory>

namespace pare::cli {

namespace {

constexpr std::uint64_t kLargestPredicate = std::uint64_t{16} << 20;

struct AttestOptions {
    SigningOptions signing{};
    std::string predicate{};
    std::string type{};
};

using Attach =
    std::function<attest::Attached(attest::ImageHome&, const crypto::PrivateKey&, attest::Form)>;

/// Between a push and this, somebody else may have pushed to the tag.
void warn_of_tag(const OpenedHome& opened, Session& session) {
    if (opened.reference.transport == oci::Transport::registry && opened.reference.digest.empty()) {
        session.progress.message(
            Severity::warning, fmt::format(
                                   "tags can move: what {} stands for now is signed, {}",
                                   to_string(opened.reference), opened.home->image().digest));
    }
}

int run(const SigningOptions& options, const Attach& attach, Session& session) {
    const std::vector<attest::Form> forms = options.chosen_forms();
    const crypto::PrivateKey key = read_signing_key(options.key, session.environment);
    const OpenedHome opened = open_home(
        options.image, options.repository, options.registry, registry::Access::push, session);
    warn_of_tag(opened, session);
    std::vector<std::pair<attest::Form, attest::Attached>> attached;
    attached.reserve(forms.size());
    for (const attest::Form form : forms) {
        attached.emplace_back(form, attach(*opened.home, key, form));
    }
    tell_attached(*opened.home, attached, session);
    return 0;
}

json::Value read_predicate(const std::string& path) {
    json::Value predicate = json::parse(read_file(path, kLargestPredicate), path);
    if (predicate.object() == nullptr) {
        throw Error(
            ErrorKind::usage, fmt::format("{} holds no JSON object", path),
            "a predicate is an object: {\"key\": value}");
    }
    return predicate;
}

int run_attest(const AttestOptions& options, Session& session) {
    const std::string type = attest::parse_predicate_type(options.type);
    const bool came_with_it = options.predicate.empty() && type == attest::kProvenanceType;
    if (options.predicate.empty() && !came_with_it) {
        throw Error(
            ErrorKind::usage, "pare attest needs --predicate FILE",
            "only provenance that came with the image need not be named");
    }
    const json::Value named = came_with_it ? json::Value() : read_predicate(options.predicate);
    const Attach attach = [&](attest::ImageHome& home, const crypto::PrivateKey& key,
                              attest::Form form) {
        return attest::attest(
            home, key, type, came_with_it ? build::attached_provenance(home).predicate : named,
            form);
    };
    return run(options.signing, attach, session);
}

} // namespace

Command sign_command() {
    const auto options = std::make_shared<SigningOptions>();
    return {
        .details = "Signs an image: its manifest, or the index of all its platforms, by digest.\n"
                   "The password of an encrypted key is in PARE_PASSWORD or COSIGN_PASSWORD.\n"
                   "What the key has signed before is not signed again.\n",
        .examples = "pare sign oci:images:server:1.0 --key pare.key\n"
                    "pare sign registry.example/team/server@sha256:... --key pare.key\n"
                    "pare sign oci:images:server:1.0 --key env://SIGNING_KEY --form bundle --form "
                    "tag",
        .options = options->options(),
        .run = [options](Session& session) { return run(*options, attest::sign, session); }};
}

Command attest_command() {
    const auto options = std::make_shared<AttestOptions>();
    Command command{
        .details =
            "Says something of an image and signs it: an in-toto statement with the image\n"
            "as its subject and a file as its predicate. cosign's names of types are known:\n"
            "slsaprovenance1, spdx, cyclonedx, openvex, vuln, link, custom, ...\n",
        .examples =
            "pare attest oci:images:server:1.0 --key pare.key --predicate sbom.json --type spdx\n"
            "pare attest oci:images:server:1.0 --key pare.key --type slsaprovenance1\n"
            "pare attest registry.example/team/server@sha256:... --key pare.key --predicate "
            "scan.json --type vuln",
        .options = options->signing.options(),
        .run = [options](Session& session) { return run_attest(*options, session); }};
    add_options(
        command, {{.names = "--predicate",
                   .value = "FILE",
                   .help = "what is said: a JSON object [the provenance that came with the image]",
                   .target = &options->predicate},
                  {.names = "--type",
                   .value = "TYPE",
                   .help = "what kind of statement it is: a name or a URI",
                   .target = &options->type,
                   .need = Need::required}});
    return command;
}

} // namespace pare::cli
