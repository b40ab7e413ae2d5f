// SPDX-License-Identifier: Apache-2.0
// The options of all commands that speak to registries.
#pragma once

#include "cli/command.hh"
#include "cli/session.hh"
#include "net/http.hh"
#include "registry/copy.hh"
#include "registry/endpoint.hh"
#include "support/thread_pool.hh"

#include <optional>
#include <string>
#include <vector>

namespace pare::cli {

struct RegistryOptions {
    std::vector<std::string> rewrites{};
    std::vector<std::string> plain_hosts{};
    std::string ca{};

    /// Bound to the members of this.
    [[nodiscard]] std::vector<Option> options();
};

/// All registries, and the way to them.
class Registries {
public:
    Registries(const RegistryOptions& options, bool offline, const Session& session);

    [[nodiscard]] registry::Registries& get() { return registries_; }

private:
    net::Http http_;
    registry::Registries registries_;
};

/// Everything that speaking to registries needs, made once.
class RegistryTools {
public:
    RegistryTools(const RegistryOptions& options, const Session& session);
    RegistryTools(const RegistryTools&) = delete;
    RegistryTools& operator=(const RegistryTools&) = delete;

    [[nodiscard]] registry::Registries& registries() { return registries_.get(); }

    /// The repository of a reference to a registry.
    [[nodiscard]] registry::Repository
    repository(const oci::ImageReference& reference, registry::Access access);
    [[nodiscard]] registry::Mover mover();

private:
    Events& events_;
    Registries registries_;
    ThreadPool pool_;
};

/// `--rewrite FROM=TO`. Throws ErrorKind::usage.
[[nodiscard]] std::vector<net::Rewrite> parse_rewrites(const std::vector<std::string>& texts);
/// A reference to a registry, with the default for its tag. Throws ErrorKind::usage.
[[nodiscard]] oci::ImageReference remote_reference(const std::string& text);
/// Nothing for an empty text.
[[nodiscard]] std::optional<oci::Platform> optional_platform(const std::string& text);
/// `--platform`.
[[nodiscard]] Option platform_option(std::string& target);
/// What was copied where.
[[nodiscard]] json::Object copied_json(const registry::Copied& copied, const std::string& target);
/// `3 blobs copied (2.1 MB), 0 mounted, 1 were there`.
[[nodiscard]] std::string copied_text(const registry::Copied& copied);
/// Tells what was copied where: `REFERENCE@DIGEST`, or the same as JSON.
void tell_copied(const registry::Copied& copied, const std::string& target, Session& session);

} // namespace pare::cli
