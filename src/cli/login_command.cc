// SPDX-License-Identifier: Apache-2.0
// Who we are to a registry: login, logout.
#include "cli/registry_options.hh"
#include "support/files.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <memory>

namespace pare::cli {

namespace {

constexpr std::size_t kMaxPassword = 65'536;
constexpr const char* kHub = "docker.io";

struct LoginOptions {
    std::string host{};
    std::string user{};
    bool password_on_input = false;
    RegistryOptions registry{};
};

std::string host_of(const LoginOptions& options) {
    return options.host.empty() ? kHub : oci::parse_registry_host(options.host);
}

/// Standard input without the line feed at its end.
std::string read_password() {
    FileSource input("/dev/stdin");
    std::string password = read_all(input, kMaxPassword);
    while (password.ends_with('\n') || password.ends_with('\r')) {
        password.pop_back();
    }
    return password;
}

int run_login(const LoginOptions& options, Session& session) {
    if (options.user.empty() || !options.password_on_input) {
        throw Error(
            ErrorKind::usage, "pare login asks no questions",
            "give the user with -u USER and the password on standard input with --password-stdin");
    }
    const std::string host = host_of(options);
    const registry::Credentials credentials{.user = options.user, .password = read_password()};
    if (credentials.password.empty()) {
        throw Error(
            ErrorKind::usage, "there is no password on standard input",
            "use: pare login HOST -u USER --password-stdin <FILE");
    }
    RegistryTools tools(options.registry, session);
    registry::Endpoint& endpoint = tools.registries().endpoint(host, {});
    endpoint.use(credentials);
    registry::check_login(endpoint);
    const std::string place = tools.registries().credentials().keep(host, credentials);
    session.progress.finish();
    if (session.output.form() == ResultForm::json) {
        session.output.json(json::Object{{"host", host}, {"user", options.user}, {"kept", place}});
    } else {
        session.output.text(fmt::format("logged in at {}; the password is in {}\n", host, place));
    }
    return 0;
}

int run_logout(const LoginOptions& options, Session& session) {
    const std::string host = host_of(options);
    RegistryTools tools(options.registry, session);
    const bool removed = tools.registries().credentials().forget(host);
    session.progress.finish();
    if (session.output.form() == ResultForm::json) {
        session.output.json(json::Object{{"host", host}, {"removed", removed}});
    } else {
        session.output.text(
            (removed ? "logged out of " : "nobody was logged in at ") + host + "\n");
    }
    return 0;
}

} // namespace

Command login_command() {
    const auto options = std::make_shared<LoginOptions>();
    Command command{
        .details =
            "Asks the registry whether it takes the user and the password, and keeps them where\n"
            "docker and podman look for them: with the credential helper that the file names, else\n"
            "in $REGISTRY_AUTH_FILE, $DOCKER_CONFIG/config.json or ~/.docker/config.json.\n",
        .examples = "pare login registry.example -u me --password-stdin\n",
        .options =
            {{.names = "HOST", .help = "the registry [docker.io]", .target = &options->host},
             {.names = "-u,--username",
              .value = "USER",
              .help = "who to log in as",
              .target = &options->user},
             {.names = "--password-stdin",
              .help = "read the password from standard input",
              .target = &options->password_on_input}},
        .run = [options](Session& session) { return run_login(*options, session); }};
    add_options(command, options->registry.options());
    return command;
}

Command logout_command() {
    const auto options = std::make_shared<LoginOptions>();
    return {
        .details = "Forgets the user and the password of a registry.\n",
        .examples = "pare logout registry.example\n",
        .options =
            {{.names = "HOST", .help = "the registry [docker.io]", .target = &options->host}},
        .run = [options](Session& session) { return run_logout(*options, session); }};
}

} // namespace pare::cli
