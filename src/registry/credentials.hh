// SPDX-License-Identifier: Apache-2.0
// Who we are to a registry: what `docker login`, `podman login` and `pare login` have left behind.
#pragma once

#include "support/bytes.hh"
#include "support/events.hh"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::registry {

struct Credentials {
    std::string user{};
    std::string password{};
    std::string identity_token{}; ///< to be exchanged for a token
    std::string registry_token{}; ///< a bearer token itself

    [[nodiscard]] bool empty() const {
        return user.empty() && identity_token.empty() && registry_token.empty();
    }

    bool operator==(const Credentials&) const = default;
};

/// What one file says of a registry.
struct ConfigEntry {
    std::string helper{}; ///< `docker-credential-NAME` is to be asked
    Credentials credentials{};
};

/// What a `config.json` or `auth.json` says of a repository, whose longest prefix counts. Throws
/// ErrorKind::refused for what is no such file.
[[nodiscard]] ConfigEntry find_in_config(
    BytesView config, const std::string& host, const std::string& repository,
    const std::string& name);

/// Reads one variable of the environment; empty when unset.
using Variables = std::function<std::string(const char* name)>;

class CredentialStore {
public:
    CredentialStore(Variables variables, Events& events)
        : variables_(std::move(variables)), events_(events) {}

    /// Empty credentials when nobody has any. A helper that fails is a warning.
    [[nodiscard]] Credentials find(const std::string& host, const std::string& repository) const;
    /// Keeps user and password, by the helper that the file names, else in the file itself (mode
    /// 0600). Returns where.
    std::string keep(const std::string& host, const Credentials& credentials) const;
    /// Forgets them; false when there were none.
    [[nodiscard]] bool forget(const std::string& host) const;

private:
    [[nodiscard]] std::vector<std::filesystem::path> files() const;
    [[nodiscard]] std::filesystem::path file_to_write() const;

    Variables variables_;
    Events& events_;
};

/// Runs `docker-credential-NAME VERB` with `input`; its output. Throws ErrorKind::environment when
/// it cannot be run or fails, with what it says.
[[nodiscard]] std::string
run_helper(const std::string& name, const std::string& verb, const std::string& input);

/// The name under which docker keeps the credentials of a host.
[[nodiscard]] std::string server_name(const std::string& host);

} // namespace pare::registry
