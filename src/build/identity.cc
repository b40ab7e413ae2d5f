// SPDX-License-Identifier: Apache-2.0
#include "build/identity.hh"

#include <fmt/core.h>

namespace pare::build {

Identity::Identity(std::string_view what) {
    add(what);
}

Identity& Identity::add(std::string_view text) {
    hasher_.write(fmt::format("{}:", text.size()));
    hasher_.write(text);
    return *this;
}

Identity& Identity::add(std::uint64_t number) {
    hasher_.write(fmt::format("{};", number));
    return *this;
}

std::string step_identity(const definition::Step& step) {
    // The bindings name every member, so that a new one does not compile until it is used here.
    const auto& [name, directory, repositories, keyring, packages, slices, missing_libraries, archives, files, app, paths, users, groups, run_as, entrypoint, cmd, work_dir, stop_signal, environment, annotations, os_release, timezone, zoneinfo, locales, volumes, ports, healthcheck, layer_budget] =
        step;
    Identity identity("step 2");
    identity.add(name).add(repositories).add(keyring);
    identity.add(std::uint64_t{packages.size()});
    for (const definition::PackageRequest& package : packages) {
        identity.add(package.name)
            .add(package.slice)
            .add(package.op)
            .add(package.version)
            .add(package.suite);
        identity.add(std::uint64_t{package.excluded ? 1U : 0U}).add(package.include);
        identity.add(package.strip).add(package.to).add(package.locales);
    }
    // What `app` brings is in a step of its own; an app that was not wrapped yet has only a name.
    identity.add(app ? app->paths : std::vector<std::string>());
    // The files of `slices` and `files` are looked at by who reads them (build/image_cache.cc).
    identity.add(missing_libraries)
        .add(std::uint64_t{slices.size()})
        .add(std::uint64_t{files.size()});
    identity.add(std::uint64_t{archives.size()});
    for (const definition::ArchiveRequest& archive : archives) {
        identity.add(archive.name).add(archive.url).add(archive.version);
        identity.add_all(archive.arch_names).add_all(archive.sha256);
        identity.add(archive.strip).add(archive.include).add(archive.to);
    }
    identity.add(std::uint64_t{paths.size()});
    for (const definition::PathMutation& path : paths) {
        identity.add(static_cast<std::uint64_t>(path.type)).add(path.path).add(path.source);
        identity.add(path.mode).add(path.uid).add(path.gid);
        identity.add(std::uint64_t{path.recursive ? 1U : 0U});
    }
    identity.add(std::uint64_t{users.size()});
    for (const definition::User& user : users) {
        identity.add(user.name).add(user.uid).add(user.gid).add(user.home).add(user.shell);
    }
    identity.add(std::uint64_t{groups.size()});
    for (const definition::Group& group : groups) {
        identity.add(group.name).add(group.gid).add(group.members);
    }
    identity.add(run_as).add(entrypoint).add(cmd).add(work_dir).add(stop_signal);
    identity.add_all(environment).add_all(annotations).add_all(os_release);
    identity.add(timezone).add(locales);
    identity.add(zoneinfo ? std::uint64_t{1} + static_cast<std::uint64_t>(*zoneinfo) : 0);
    identity.add(volumes).add(ports).add(layer_budget);
    if (healthcheck) {
        identity.add(healthcheck->test).add(healthcheck->interval).add(healthcheck->timeout);
        identity.add(healthcheck->start_period).add(healthcheck->retries);
        identity.add(healthcheck->probe).add(healthcheck->status);
    }
    return identity.hex();
}

} // namespace pare::build
