// SPDX-License-Identifier: Apache-2.0
#include "build/config.hh"

#include "build/base_image.hh"
#include "probe/target.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pare::build {

namespace {

constexpr const char* kDefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr const char* kDefaultBundle = "/etc/ssl/certs/ca-certificates.crt";

/// Go's time.Duration as Dockerfiles write it, in nanoseconds: `1m30s`, `500ms`.
std::int64_t parse_duration(std::string_view text, const std::string& step) {
    const std::string_view whole = text;
    const auto bad = [&] {
        return Error(
            ErrorKind::definition, fmt::format("{}: '{}' is no duration", step, whole),
            "write it like 30s, 1m30s or 500ms");
    };
    std::int64_t total = 0;
    while (!text.empty()) {
        const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
        const std::size_t unit = std::min(text.find_first_of("0123456789", digits), text.size());
        const auto number = parse_number(text.substr(0, digits));
        const std::string_view name = text.substr(digits, unit - digits);
        constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kUnits = {
            {{"ns", 1},
             {"us", 1'000},
             {"ms", 1'000'000},
             {"s", 1'000'000'000},
             {"m", 60'000'000'000}}};
        const auto* known = std::find_if(
            kUnits.begin(), kUnits.end(), [&](const auto& each) { return each.first == name; });
        if (!number || *number > 1'000'000'000 || known == kUnits.end()) {
            throw bad();
        }
        total += static_cast<std::int64_t>(*number) * known->second;
        text.remove_prefix(unit);
    }
    return total;
}

oci::Healthcheck healthcheck_of(const definition::Healthcheck& check, const std::string& step) {
    oci::Healthcheck made{.test = check.test};
    if (!check.probe.empty()) {
        made.test = {"CMD", probe::kProbePath};
        // The engine would end the probe, but the probe says why.
        if (!check.timeout.empty()) {
            made.test.push_back(fmt::format(
                "--timeout={}ms",
                std::clamp<std::int64_t>(
                    parse_duration(check.timeout, step) / 1'000'000, 1, INT32_MAX)));
        }
        if (!check.status.empty()) {
            made.test.push_back("--status=" + check.status);
        }
        made.test.push_back(check.probe);
    }
    made.interval = parse_duration(check.interval, step);
    made.timeout = parse_duration(check.timeout, step);
    made.start_period = parse_duration(check.start_period, step);
    made.retries = static_cast<std::int64_t>(check.retries);
    return made;
}

void add_new(std::vector<std::string>& all, const std::vector<std::string>& more) {
    for (const std::string& one : more) {
        if (std::find(all.begin(), all.end(), one) == all.end()) {
            all.push_back(one);
        }
    }
}

/// A name of the definition's own accounts becomes its number, because Kubernetes can check
/// runAsNonRoot only of a number; anything else stays as it was written.
std::string user_number(const std::string& run_as, const std::vector<const StepNode*>& path) {
    for (const StepNode* node : path) {
        for (const definition::User& user : node->step.users) {
            if (user.name == run_as) {
                return fmt::format("{}", user.uid);
            }
        }
    }
    return run_as;
}

/// The version of the upstream project: without Debian's epoch, revision and marks (`+dfsg`,
/// `~rc`). Of an archive as it is.
std::string upstream_version(const std::string& package, const std::vector<const StepNode*>& path) {
    for (const StepNode* node : path) {
        const auto& archives = node->locked.archives;
        const auto archive = std::ranges::find(archives, package, &package::LockedArchive::name);
        if (archive != archives.end()) {
            return archive->version;
        }
        const auto& packages = node->locked.packages;
        const auto found = std::ranges::find(packages, package, &package::LockedPackage::name);
        if (found != packages.end()) {
            const std::string_view version = found->version;
            const std::size_t colon = version.find(':');
            const std::string_view rest =
                version.substr(colon == std::string_view::npos ? 0 : colon + 1);
            return std::string(rest.substr(0, rest.find_first_of("-+~")));
        }
    }
    throw Error(
        ErrorKind::definition,
        fmt::format(
            "${{upstream-version:{}}}: no such package or archive is in the image", package),
        "name a package that pare show packages lists");
}

/// Fills in `${upstream-version:PACKAGE}`.
std::string with_versions(std::string text, const std::vector<const StepNode*>& path) {
    constexpr std::string_view kMark = "${upstream-version:";
    for (std::size_t at = text.find(kMark); at != std::string::npos; at = text.find(kMark, at)) {
        const std::size_t end = text.find('}', at);
        if (end == std::string::npos) {
            break;
        }
        const std::string version =
            upstream_version(text.substr(at + kMark.size(), end - at - kMark.size()), path);
        text.replace(at, end - at + 1, version);
        at += version.size();
    }
    return text;
}

} // namespace

oci::RunConfig run_config(const std::vector<const StepNode*>& path) {
    oci::RunConfig config;
    std::map<std::string, std::string> environment{
        {"PATH", kDefaultPath}, {"SSL_CERT_FILE", kDefaultBundle}};
    if (const auto& base = path.front()->base) {
        config = base->image().config;
        // These are for the Dockerfile that comes next, and it is not there.
        config.on_build.clear();
        for (const std::string& variable : std::exchange(config.env, {})) {
            const std::size_t equals = variable.find('=');
            environment[variable.substr(0, equals)] =
                equals == std::string::npos ? "" : variable.substr(equals + 1);
        }
    }
    for (const StepNode* node : path) {
        const definition::Step& step = node->step;
        config.user = step.run_as ? user_number(*step.run_as, path) : std::move(config.user);
        config.entrypoint = step.entrypoint.value_or(std::move(config.entrypoint));
        // A new entrypoint makes the parent's arguments meaningless, as in a Dockerfile.
        if (step.entrypoint) {
            config.cmd.clear();
        }
        config.cmd = step.cmd.value_or(std::move(config.cmd));
        config.working_dir = step.work_dir.value_or(std::move(config.working_dir));
        config.stop_signal = step.stop_signal.value_or(std::move(config.stop_signal));
        for (const auto& [name, value] : step.environment) {
            environment[name] = value;
        }
        add_new(config.volumes, step.volumes);
        add_new(config.exposed_ports, step.ports);
        if (const auto& check = step.healthcheck) {
            config.healthcheck = healthcheck_of(*check, step.name);
        }
    }
    for (const auto& [name, value] : environment) {
        config.env.push_back(fmt::format("{}={}", name, with_versions(value, path)));
    }
    for (const auto& [name, value] : annotations(path)) {
        config.labels[name] = value;
    }
    return config;
}

std::map<std::string, std::string> annotations(const std::vector<const StepNode*>& path) {
    std::map<std::string, std::string> all;
    for (const StepNode* node : path) {
        for (const auto& [name, value] : node->step.annotations) {
            all[name] = with_versions(value, path);
        }
    }
    return all;
}

oci::Platform platform_of(const std::string& architecture) {
    const std::size_t slash = architecture.find('/');
    oci::Platform platform{.architecture = architecture.substr(0, slash)};
    if (slash != std::string::npos) {
        platform.variant = architecture.substr(slash + 1);
    } else if (architecture == "arm64") {
        platform.variant = "v8";
    }
    return platform;
}

} // namespace pare::build
