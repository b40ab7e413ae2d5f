// SPDX-License-Identifier: Apache-2.0
#include "cli/registry_options.hh"

#include "support/text.hh"

#include <fmt/core.h>

#include <filesystem>

namespace pare::cli {

namespace {

net::Options net_options(const RegistryOptions& options, bool offline) {
    if (!options.ca.empty() && !std::filesystem::exists(options.ca)) {
        throw Error(
            ErrorKind::usage, fmt::format("--ca {} is not there", options.ca),
            "name a file with certificates in PEM form");
    }
    // Registries have credentials of their own; ~/.netrc is for mirrors.
    return {
        .rewrites = parse_rewrites(options.rewrites),
        .offline = offline,
        .netrc = false,
        .ca_file = options.ca};
}

std::set<std::string> hosts(const std::vector<std::string>& texts) {
    std::set<std::string> parsed;
    for (const std::string& text : texts) {
        parsed.insert(oci::parse_registry_host(text));
    }
    return parsed;
}

} // namespace

std::vector<net::Rewrite> parse_rewrites(const std::vector<std::string>& texts) {
    std::vector<net::Rewrite> rules;
    for (const std::string& text : texts) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
            throw Error(
                ErrorKind::usage, fmt::format("--rewrite \"{}\" is not FROM=TO", text),
                "use --rewrite http://ftp.debian.org/=file:///srv/mirror/");
        }
        rules.push_back({.from = text.substr(0, equals), .to = text.substr(equals + 1)});
    }
    return rules;
}

std::vector<Option> RegistryOptions::options() {
    return {
        {.names = "--rewrite",
         .value = "FROM=TO",
         .help = "ask for URLs that begin with FROM at TO; may be given again",
         .target = &rewrites},
        {.names = "--plain-http",
         .value = "HOST",
         .help = "speak to this registry without TLS; may be given again",
         .target = &plain_hosts},
        {.names = "--ca",
         .value = "FILE",
         .help = "trust these certificate authorities as well",
         .target = &ca},
    };
}

Registries::Registries(const RegistryOptions& options, bool offline, const Session& session)
    : http_(net_options(options, offline), session.progress, session.stop),
      registries_(
          http_, registry::CredentialStore(session.environment, session.progress),
          hosts(options.plain_hosts)) {}

RegistryTools::RegistryTools(const RegistryOptions& options, const Session& session)
    : events_(session.progress), registries_(options, false, session),
      pool_(registry::kTransferThreads) {}

registry::Repository
RegistryTools::repository(const oci::ImageReference& reference, registry::Access access) {
    return {
        registries().endpoint(reference.host, reference.repository), reference.repository, access};
}

registry::Mover RegistryTools::mover() {
    return {.registries = registries(), .pool = pool_, .events = events_};
}

oci::ImageReference remote_reference(const std::string& text) {
    oci::ImageReference reference = oci::parse_image_reference(text);
    if (reference.transport != oci::Transport::registry) {
        throw Error(
            ErrorKind::usage, fmt::format("{} is not in a registry", text),
            "use HOST/REPOSITORY:TAG");
    }
    return reference;
}

std::optional<oci::Platform> optional_platform(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(oci::parse_platform_name(text));
}

Option platform_option(std::string& target) {
    return {
        .names = "--platform",
        .value = "OS/ARCH",
        .help = "take the image for this platform alone: linux/arm64",
        .target = &target};
}

json::Object copied_json(const registry::Copied& copied, const std::string& target) {
    return {
        {"target", target},
        {"digest", copied.top.digest},
        {"media_type", copied.top.media_type},
        {"size", copied.top.size},
        {"unchanged", copied.unchanged},
        {"blobs",
         json::Object{
             {"sent", copied.sent}, {"mounted", copied.mounted}, {"present", copied.present}}},
        {"bytes", copied.bytes},
        {"referrers", json::Array(copied.referrers.begin(), copied.referrers.end())}};
}

std::string copied_text(const registry::Copied& copied) {
    return copied.unchanged && copied.sent == 0
               ? "nothing has changed"
               : fmt::format(
                     "{} blobs copied ({}), {} mounted, {} were there", copied.sent,
                     format_size(copied.bytes), copied.mounted, copied.present);
}

void tell_copied(const registry::Copied& copied, const std::string& target, Session& session) {
    session.progress.finish();
    if (session.output.form() == ResultForm::json) {
        session.output.json(copied_json(copied, target));
        return;
    }
    session.progress.message(Severity::info, copied_text(copied));
    session.output.text(fmt::format("{}@{}\n", target, copied.top.digest));
}

} // namespace pare::cli
