// SPDX-License-Identifier: Apache-2.0
// What the commands around signatures have in common: images, keys, passwords, forms.
#pragma once

#include "attest/attachment.hh"
#include "attest/image_home.hh"
#include "attest/sign.hh"
#include "cli/command.hh"
#include "cli/registry_options.hh"
#include "cli/session.hh"
#include "crypto/key_files.hh"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pare::cli {

/// The options of commands that sign.
struct SigningOptions {
    std::string image{};
    std::string key{};
    std::string repository{};
    std::vector<std::string> forms{};
    RegistryOptions registry{};

    [[nodiscard]] std::vector<Option> options();
    /// The chosen forms; bundle by default.
    [[nodiscard]] std::vector<attest::Form> chosen_forms() const;
};

/// What signatures are about, in the help.
inline constexpr const char* kSignedImage =
    "oci:DIRECTORY[:TAG] or [HOST/]REPOSITORY[:TAG][@sha256:DIGEST]";

/// The image that the user named, and what speaks to its registry if it is in one.
struct OpenedHome {
    std::unique_ptr<RegistryTools> tools{}; ///< used by `home`
    std::unique_ptr<attest::ImageHome> home{};
    oci::ImageReference reference{};
};

/// `repository` is what the image is called, if not as the reference says.
[[nodiscard]] OpenedHome open_home(
    const std::string& image, const std::string& repository, const RegistryOptions& registry,
    registry::Access access, const Session& session);

/// PARE_PASSWORD, else COSIGN_PASSWORD; empty when neither is set.
[[nodiscard]] crypto::Secret password_of(const Environment& environment);

/// The key from a file, or from a variable: `env://NAME`.
[[nodiscard]] crypto::PrivateKey
read_signing_key(const std::string& key, const Environment& environment);
[[nodiscard]] crypto::PublicKey
read_public_key(const std::string& key, const Environment& environment);

/// Says what became of each form.
void tell_attached(
    const attest::ImageHome& home,
    const std::vector<std::pair<attest::Form, attest::Attached>>& attached, Session& session);

} // namespace pare::cli
