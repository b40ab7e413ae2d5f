// SPDX-License-Identifier: Apache-2.0
// The options of all commands that resolve definitions: which, for what, from where.
#pragma once

#include "build/build.hh"
#include "cli/command.hh"
#include "cli/registry_options.hh"
#include "cli/session.hh"

#include <cstdint>
#include <string>
#include <vector>

namespace pare::cli {

struct SourceOptions {
    std::vector<std::string> archs{};
    std::vector<std::string> variants{};
    std::vector<std::string> distributions{};
    std::string mirror{};
    std::vector<std::string> keyrings{};
    std::string archive_pins{};
    std::string store{};
    std::uint64_t jobs = 0;
    bool offline = false;
    bool refresh = false;
    RegistryOptions registry{};

    /// Bound to the members of this.
    [[nodiscard]] std::vector<Option> options();
    /// Throws ErrorKind::usage for values that are wrong in themselves.
    [[nodiscard]] build::Request
    request(std::vector<std::string> definitions, const Environment& environment) const;
};

/// Everything that a build needs of the outside, made once.
class Toolbox {
public:
    Toolbox(const SourceOptions& options, const Session& session);
    Toolbox(const Toolbox&) = delete;
    Toolbox& operator=(const Toolbox&) = delete;

    [[nodiscard]] build::Tools tools();

private:
    SystemClock clock_;
    Events& events_;
    net::Client client_;
    Registries registries_;
    store::Store store_;
    ThreadPool pool_;
    definition::Library library_;
    std::stop_token stop_;
};

/// `server.yaml` -> `server.lock.json`, `cc:debug` -> `cc.lock.json`.
[[nodiscard]] std::filesystem::path default_lock_path(const std::string& definition);

/// `linux/arm/v7`.
[[nodiscard]] std::string platform_name(const oci::Platform& platform);

} // namespace pare::cli
