// SPDX-License-Identifier: Apache-2.0
#include "cli/source_options.hh"

#include "definition/built_in.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <thread>

namespace pare::cli {

namespace {

constexpr std::uint64_t kMaxJobs = 256;

unsigned thread_count(std::uint64_t jobs) {
    if (jobs > kMaxJobs) {
        throw Error(ErrorKind::usage, fmt::format("--jobs {} is more than {}", jobs, kMaxJobs));
    }
    return jobs != 0 ? static_cast<unsigned>(jobs)
                     : std::max(1U, std::thread::hardware_concurrency());
}

/// Values of an option that may be given again or with commas.
std::vector<std::string> split_all(const std::vector<std::string>& given) {
    std::vector<std::string> values;
    for (const std::string& text : given) {
        for (const std::string_view value : split(text, ',')) {
            if (!trim(value).empty()) {
                values.emplace_back(trim(value));
            }
        }
    }
    return values;
}

std::optional<std::int64_t> source_date_epoch(const Environment& environment) {
    const std::string text = environment("SOURCE_DATE_EPOCH");
    if (text.empty()) {
        return std::nullopt;
    }
    const auto seconds = parse_number(text);
    if (!seconds || *seconds > std::numeric_limits<std::uint32_t>::max()) {
        throw Error(
            ErrorKind::usage, fmt::format("SOURCE_DATE_EPOCH is \"{}\"", text),
            "set it to seconds since 1970, or unset it");
    }
    return static_cast<std::int64_t>(*seconds);
}

} // namespace

std::vector<Option> SourceOptions::options() {
    std::vector<Option> all = {
        {.names = "--arch",
         .value = "ARCH",
         .help = "amd64, arm64, ... or all; may be given again [this machine's]",
         .target = &archs},
        {.names = "--variant",
         .value = "NAME",
         .help = "latest, nonroot, debug, ... or all; may be given again [latest]",
         .target = &variants},
        {.names = "--distribution",
         .value = "NAME",
         .help = "release to take packages from; may be given again [debian:13]",
         .target = &distributions},
        {.names = "--mirror",
         .value = "URL",
         .help = "take the distribution's packages from here",
         .target = &mirror},
        {.names = "--keyring",
         .value = "FILE",
         .help = "trust these keys as well; may be given again",
         .target = &keyrings},
        {.names = "--archives",
         .value = "FILE",
         .help = "lock of archives [archives.lock.json beside the definition]",
         .target = &archive_pins},
        {.names = "--store",
         .value = "DIR",
         .help = "the cache on disk [~/.cache/pare]",
         .target = &store},
        {.names = "--jobs", .value = "N", .help = "threads [one a processor]", .target = &jobs},
        {.names = "--offline", .help = "use the store alone, no network", .target = &offline},
        {.names = "--refresh",
         .help = "ask for the indexes again, however fresh they are",
         .target = &refresh},
    };
    std::ranges::move(registry.options(), std::back_inserter(all));
    return all;
}

build::Request
SourceOptions::request(std::vector<std::string> definitions, const Environment& environment) const {
    build::Request request{
        .definitions = std::move(definitions),
        .variants = split_all(variants),
        .archs = split_all(archs),
        .distributions = split_all(distributions),
        .mirror = mirror,
        .archive_pins = archive_pins,
        .offline = offline,
        .source_date_epoch = source_date_epoch(environment)};
    request.keyrings.assign(keyrings.begin(), keyrings.end());
    if (refresh && offline) {
        throw Error(
            ErrorKind::usage, "--refresh and --offline contradict each other", "give one of them");
    }
    if (refresh) {
        request.fresh_for = 0;
    }
    return request;
}

Toolbox::Toolbox(const SourceOptions& options, const Session& session)
    : events_(session.progress),
      client_(
          {.rewrites = parse_rewrites(options.registry.rewrites), .offline = options.offline},
          session.progress),
      registries_(options.registry, options.offline, session),
      store_(store::choose_root(options.store)), pool_(thread_count(options.jobs)),
      library_(definition::built_in_library()), stop_(session.stop) {}

build::Tools Toolbox::tools() {
    return {
        .clock = clock_,
        .events = events_,
        .client = client_,
        .registries = registries_.get(),
        .store = store_,
        .pool = pool_,
        .library = library_,
        .stop = stop_};
}

std::filesystem::path default_lock_path(const std::string& definition) {
    std::string name = definition;
    const std::size_t colon = name.rfind(':');
    const std::size_t slash = name.rfind('/');
    if (colon != std::string::npos && (slash == std::string::npos || colon > slash)) {
        name.resize(colon);
    }
    for (const std::string_view suffix : {".yaml", ".yml"}) {
        if (name.size() > suffix.size() && name.ends_with(suffix)) {
            name.resize(name.size() - suffix.size());
        }
    }
    return name + ".lock.json";
}

std::string platform_name(const oci::Platform& platform) {
    return fmt::format(
        "{}/{}{}{}", platform.os, platform.architecture, platform.variant.empty() ? "" : "/",
        platform.variant);
}

} // namespace pare::cli
