// SPDX-License-Identifier: Apache-2.0
#include "support/gpg_home.hh"

#include "support/run_command.hh"
#include "support/text.hh"

namespace pare::test {

namespace fs = std::filesystem;

GpgHome::~GpgHome() {
    static_cast<void>(
        run_command({"gpgconf", "--homedir", directory_.path().string(), "--kill", "all"}));
}

std::string GpgHome::gpg(const std::vector<std::string>& arguments) {
    std::vector<std::string> command = {
        "gpg",
        "--homedir",
        directory_.path().string(),
        "--batch",
        "--quiet",
        "--yes",
        "--no-tty",
        "--pinentry-mode",
        "loopback",
        "--passphrase",
        "",
        "--no-permission-warning"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    CommandResult result = run_command(command, {.environment = {{"LC_ALL", "C"}}});
    if (result.status != 0) {
        throw Error(ErrorKind::environment, "gpg " + join(arguments, " ") + ": " + result.output);
    }
    return std::move(result.output);
}

std::string GpgHome::make_key(const std::string& user, const KeyOptions& options) {
    std::vector<std::string> arguments = options.more;
    if (!options.created.empty()) {
        arguments.insert(arguments.end(), {"--faked-system-time", options.created + "!"});
    }
    arguments.insert(
        arguments.end(),
        {"--status-fd", "1", "--quick-gen-key", user, options.algorithm, "sign", options.expires});
    const std::string output = gpg(arguments);
    const auto words = split_words(output);
    for (std::size_t i = 0; i + 2 < words.size(); ++i) {
        if (words[i] == "KEY_CREATED") {
            return std::string(words[i + 2]);
        }
    }
    throw Error(ErrorKind::environment, "gpg names no key: " + output);
}

void GpgHome::revoke(const std::string& fingerprint) {
    std::string text = read_file(directory_.path() / "openpgp-revocs.d" / (fingerprint + ".rev"));
    const std::size_t begin = text.find("-----BEGIN");
    gpg({"--import", file("revocation.asc", text.substr(begin)).string()});
}

Bytes GpgHome::export_keys(const std::vector<std::string>& keys, std::vector<std::string> options) {
    const fs::path output = directory_.path() / "exported";
    options.insert(options.end(), {"--output", output.string(), "--export"});
    options.insert(options.end(), keys.begin(), keys.end());
    gpg(options);
    return read_file(output);
}

Bytes GpgHome::sign(
    const std::string& mode, BytesView text, const std::vector<std::string>& keys,
    const std::vector<std::string>& options) {
    const fs::path output = directory_.path() / "signed";
    std::vector<std::string> arguments = options;
    for (const std::string& key : keys) {
        arguments.insert(arguments.end(), {"--local-user", key});
    }
    arguments.insert(
        arguments.end(), {"--output", output.string(), mode, file("text", text).string()});
    gpg(arguments);
    return read_file(output);
}

fs::path GpgHome::file(const std::string& name, BytesView bytes) {
    const fs::path path = directory_.path() / name;
    write_file(path, bytes);
    return path;
}

} // namespace pare::test
