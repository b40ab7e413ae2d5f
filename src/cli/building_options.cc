// SPDX-License-Identifier: Apache-2.0
#include "cli/building_options.hh"

#include "support/files.hh"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

namespace pare::cli {

namespace {

/// The locks to build from, by definition.
std::map<std::string, package::Lock>
read_locks(const BuildingOptions& options, const std::vector<std::string>& definitions) {
    std::map<std::string, package::Lock> locks;
    if (!options.lock.empty() && definitions.size() != 1) {
        throw Error(
            ErrorKind::usage, "--lock names one lock, but there are several definitions",
            "give --locked alone: each definition then has its own lock beside it");
    }
    if (!options.locked && options.lock.empty()) {
        return locks;
    }
    for (const std::string& definition : definitions) {
        const std::filesystem::path path = options.lock.empty()
                                               ? default_lock_path(definition)
                                               : std::filesystem::path(options.lock);
        if (!std::filesystem::exists(path)) {
            throw Error(
                ErrorKind::usage,
                fmt::format("there is no lock {} for {}", path.string(), definition),
                fmt::format("make it with: pare lock {}", definition));
        }
        locks[definition] = package::parse_lock(read_file(path), path.string());
    }
    return locks;
}

} // namespace

std::vector<Option> BuildingOptions::options() {
    std::vector<Option> all = {
        {.names = "--family",
         .help = "all built-in definitions, variants, releases and architectures",
         .target = &family},
        {.names = "--compression",
         .value = "KIND",
         .help = "gzip[:LEVEL], zstd[:LEVEL] or none [gzip]",
         .target = &compression},
        {.names = "--sbom",
         .value = "KIND",
         .help = fmt::format(
             "put a list of what is in it beside each image: spdx, cyclonedx, both or none [{}]",
             sbom),
         .target = &sbom},
        {.names = "--provenance",
         .help = "put how it was made beside each image, for pare rebuild --verify",
         .target = &provenance},
        {.names = "--builder",
         .value = "URI",
         .help = "who runs pare, for the provenance [urn:pare:builder:local]",
         .target = &builder},
        {.names = "--locked",
         .help = "use the packages of the lock, and no others",
         .target = &locked},
        {.names = "--lock",
         .value = "FILE",
         .help = "the lock [DEFINITION.lock.json]",
         .target = &lock}};
    std::ranges::move(source.options(), std::back_inserter(all));
    return all;
}

build::Options BuildingOptions::request(
    const std::vector<std::string>& definitions, const Session& session) const {
    const bool is_locked = locked || !lock.empty();
    if (is_locked && (family || source.distributions.size() > 1)) {
        throw Error(
            ErrorKind::usage, "a lock is for one definition and one release",
            "build each with its own lock");
    }
    if (builder.find(':') == std::string::npos) {
        throw Error(
            ErrorKind::usage, fmt::format("--builder {} is no URI", builder),
            "name who builds: https://ci.example/acme");
    }
    build::Request what = source.request(definitions, session.environment);
    what.family = family;
    return {
        .request = std::move(what),
        .locks = read_locks(*this, definitions),
        .compression = archive::parse_compression(compression),
        .sboms = sbom::parse_formats(sbom),
        .provenance = provenance,
        .builder = builder,
        .tool_version = PARE_VERSION};
}

} // namespace pare::cli
