// SPDX-License-Identifier: Apache-2.0
#include "cli/signing_options.hh"

#include "oci/read.hh"
#include "support/files.hh"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace pare::cli {

namespace {

constexpr std::string_view kVariable = "env://";
constexpr std::uint64_t kLargestKey = 64U << 10;

Bytes read_key_text(const std::string& key, const Environment& environment) {
    if (!key.starts_with(kVariable)) {
        return read_file(key, kLargestKey);
    }
    const std::string name = key.substr(kVariable.size());
    std::string text = environment(name.c_str());
    if (text.empty()) {
        throw Error(
            ErrorKind::usage, fmt::format("the variable {} is not set", name),
            "it must hold the text of a key");
    }
    return text;
}

} // namespace

std::vector<Option> SigningOptions::options() {
    std::vector<Option> all = {
        {.names = "IMAGE", .help = kSignedImage, .target = &image, .need = Need::required},
        {.names = "--key",
         .value = "KEY",
         .help = "the private key: a file, or env://NAME for the text in a variable",
         .target = &key,
         .need = Need::required},
        {.names = "--form",
         .value = "FORM",
         .help = "bundle (Sigstore's, as a referrer) or tag (cosign's older one); may be given "
                 "again [bundle]",
         .target = &forms},
        {.names = "--repository",
         .value = "NAME",
         .help = "where the image will be: registry.example/team/server [its tag's, or where it "
                 "is]",
         .target = &repository}};
    std::ranges::move(registry.options(), std::back_inserter(all));
    return all;
}

std::vector<attest::Form> SigningOptions::chosen_forms() const {
    std::vector<attest::Form> chosen;
    chosen.reserve(forms.size());
    for (const std::string& form : forms) {
        chosen.push_back(attest::parse_form(form));
    }
    return chosen.empty() ? std::vector{attest::Form::bundle} : chosen;
}

OpenedHome open_home(
    const std::string& image, const std::string& repository, const RegistryOptions& registry,
    registry::Access access, const Session& session) {
    OpenedHome opened{.reference = oci::parse_image_reference(image)};
    if (opened.reference.transport != oci::Transport::registry) {
        opened.home = attest::open_layout_home(opened.reference, repository);
        return opened;
    }
    opened.tools = std::make_unique<RegistryTools>(registry, session);
    opened.home = attest::open_registry_home(
        opened.reference, opened.tools->repository(opened.reference, access), repository);
    return opened;
}

crypto::Secret password_of(const Environment& environment) {
    const std::string own = environment("PARE_PASSWORD");
    return crypto::Secret(own.empty() ? environment("COSIGN_PASSWORD") : own);
}

crypto::PrivateKey read_signing_key(const std::string& key, const Environment& environment) {
    return crypto::read_private_key(read_key_text(key, environment), key, [&](const std::string&) {
        return password_of(environment);
    });
}

crypto::PublicKey read_public_key(const std::string& key, const Environment& environment) {
    return crypto::PublicKey::parse(read_key_text(key, environment), key);
}

void tell_attached(
    const attest::ImageHome& home,
    const std::vector<std::pair<attest::Form, attest::Attached>>& attached, Session& session) {
    std::vector<std::vector<std::string>> rows;
    json::Array list;
    for (const auto& [form, what] : attached) {
        const bool added = what == attest::Attached::added;
        rows.push_back(
            {added ? "added" : "already there", std::string(to_string(form)), home.image().digest});
        list.emplace_back(json::Object{{"form", to_string(form)}, {"added", added}});
    }
    session.progress.finish();
    if (session.output.form() == ResultForm::json) {
        session.output.json(json::Object{
            {"digest", home.image().digest},
            {"repository", home.repository()},
            {"attached", std::move(list)}});
    } else {
        session.output.text(render_table(rows));
    }
}

} // namespace pare::cli
