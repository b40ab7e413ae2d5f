// SPDX-License-Identifier: Apache-2.0
#include "cli/command.hh"
#include "cli/session.hh"
#include "cli/signing_options.hh"
#include "support/files.hh"

#include <fmt/core.h>

#include <filesystem>
#include <memory>

namespace pare::cli {

namespace {

constexpr unsigned kOwnerOnly = 0600;

struct KeygenOptions {
    std::string prefix = "pare";
    std::string algorithm = "ecdsa-p256";
    bool no_password = false;
};

void refuse_to_overwrite(const std::string& path) {
    if (std::filesystem::exists(path)) {
        throw Error(
            ErrorKind::usage, fmt::format("{} is there already", path),
            "choose another name with -o, or remove the key when nothing depends on it");
    }
}

int run(const KeygenOptions& options, Session& session) {
    const crypto::KeyAlgorithm algorithm = crypto::parse_key_algorithm(options.algorithm);
    const std::string key_path = options.prefix + ".key";
    const std::string public_path = options.prefix + ".pub";
    refuse_to_overwrite(key_path);
    refuse_to_overwrite(public_path);
    const crypto::Secret password =
        options.no_password ? crypto::Secret() : password_of(session.environment);
    if (password.size() == 0 && !options.no_password) {
        throw Error(
            ErrorKind::usage, "there is no password to encrypt the key with",
            "set PARE_PASSWORD, or use --no-password where the file is kept safe otherwise");
    }
    const crypto::PrivateKey key = crypto::PrivateKey::generate(algorithm);
    AtomicFile file(key_path);
    file.write(crypto::write_private_key(key, password));
    write_file(public_path, key.public_key().pem());
    file.commit(kOwnerOnly);
    session.progress.finish();
    if (session.output.form() == ResultForm::json) {
        session.output.json(json::Object{
            {"key", key_path},
            {"public_key", public_path},
            {"algorithm", to_string(algorithm)},
            {"fingerprint", key.public_key().fingerprint()}});
    } else {
        session.output.text(fmt::format("{}\n{}\n", key_path, public_path));
    }
    return 0;
}

} // namespace

Command keygen_command() {
    const auto options = std::make_shared<KeygenOptions>();
    return {
        .details =
            "Makes a key pair: PREFIX.key, encrypted under the password in PARE_PASSWORD or\n"
            "COSIGN_PASSWORD, and PREFIX.pub. cosign reads both, and pare reads cosign's.\n",
        .examples = "pare keygen\npare keygen -o keys/release --algorithm ed25519",
        .options =
            {{.names = "-o,--output",
              .value = "PREFIX",
              .help = "the names of the files without .key and .pub [pare]",
              .target = &options->prefix},
             {.names = "--algorithm",
              .value = "NAME",
              .help = "ecdsa-p256 or ed25519 [ecdsa-p256]",
              .target = &options->algorithm},
             {.names = "--no-password",
              .help = "encrypt under the empty password",
              .target = &options->no_password}},
        .run = [options](Session& session) { return run(*options, session); }};
}

} // namespace pare::cli
