// SPDX-License-Identifier: Apache-2.0
// Problem: a good signature does not make an index good: it may be last year's, last week's with
// the hole that was closed since, or that of another suite. Format:
// wiki.debian.org/DebianRepository/Format (Date, Valid-Until, Suite, Codename, by-hash,
// Architecture: all); flat archives have their indexes where the suite points.
// Refuses: see the header.
#include "deb/suite.hh"

#include "net/url.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::deb {

namespace {

constexpr std::int64_t kMostAhead = 86400;
constexpr std::uint64_t kLargestIndex = std::uint64_t{2} << 30;
constexpr int kUsualPriority = 500;
constexpr int kUpgradesPriority = 100;
constexpr int kNotAutomaticPriority = 1;

/// gzip first: on a fast line its quick decoding wins over the smaller size of xz.
constexpr std::array<std::pair<std::string_view, archive::Codec>, 4> kForms = {{
    {".gz", archive::Codec::gzip},
    {".xz", archive::Codec::xz},
    {".zst", archive::Codec::zstd},
    {"", archive::Codec::none},
}};

bool is_flat(const Source& source) {
    return source.suite.ends_with('/');
}

bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

/// A suite may be asked for as `trixie/updates`, of which the Release names one part.
bool is_asked_suite(const Source& source, std::string_view name) {
    const auto parts = split(source.suite, '/');
    return source.suite == name || std::ranges::find(parts, name) != parts.end();
}

void check_suite_name(const Source& source, const Release& release) {
    const bool says_nothing = release.suite.empty() && release.codename.empty();
    if (is_flat(source) || says_nothing || is_asked_suite(source, release.suite) ||
        is_asked_suite(source, release.codename)) {
        return;
    }
    throw Error(
        ErrorKind::refused,
        fmt::format(
            "{} is another suite: asked for {}, got suite '{}', codename '{}'", suite_name(source),
            source.suite, release.suite, release.codename),
        "ask for the suite by the name it has, or use another mirror");
}

std::optional<IndexPlan> find_index(const Release& release, const std::string& path) {
    for (const auto& [suffix, codec] : kForms) {
        const auto packed = release.files.find(path + std::string(suffix));
        if (packed == release.files.end()) {
            continue;
        }
        IndexPlan plan{.path = packed->first, .codec = codec, .packed = packed->second};
        if (const auto plain = release.files.find(path); plain != release.files.end()) {
            plan.plain_sha256 = plain->second.sha256;
            plan.plain_size = plain->second.size;
        }
        if (std::max(plan.packed.size, plan.plain_size.value_or(0)) > kLargestIndex) {
            throw Error(
                ErrorKind::refused, fmt::format("the index {} is too large", plan.path),
                fmt::format("pare reads up to {}", format_size(kLargestIndex)));
        }
        return plan;
    }
    return std::nullopt;
}

/// Where packages for all architectures stand in an index of their own, and are not repeated in
/// those of each architecture.
bool has_index_for_all(const Release& release) {
    return contains(release.architectures, "all") && !release.all_is_everywhere;
}

void check_architecture(
    const Source& source, const Release& release, const std::string& architecture) {
    if (release.architectures.empty() || contains(release.architectures, architecture) ||
        has_index_for_all(release)) {
        return;
    }
    throw Error(
        ErrorKind::definition,
        fmt::format("{} has no packages for {}", suite_name(source), architecture),
        "it has them for " + join(release.architectures, ", "));
}

} // namespace

std::string suite_url(const Source& source) {
    if (!is_flat(source)) {
        return source.uri + "dists/" + source.suite + "/";
    }
    std::string_view path = source.suite;
    while (path.starts_with("./") || path.starts_with('/')) {
        path.remove_prefix(path.starts_with('/') ? 1 : 2);
    }
    return source.uri + std::string(path);
}

std::string suite_name(const Source& source) {
    return fmt::format("{} at {}", source.suite, net::redacted(source.uri));
}

void check_valid_until(
    const Source& source, std::optional<std::int64_t> valid_until, std::int64_t now) {
    if (source.check_valid_until && valid_until && *valid_until < now) {
        throw Error(
            ErrorKind::refused,
            fmt::format(
                "the index of {} expired on {}", suite_name(source), format_time(*valid_until)),
            "use a mirror that is up to date; for an archive that is kept as it was, "
            "write [check-valid-until=no]");
    }
}

void check_release(
    const Source& source, const Release& release, std::optional<std::int64_t> seen,
    std::int64_t now) {
    check_suite_name(source, release);
    if (release.date > now + kMostAhead) {
        throw Error(
            ErrorKind::refused,
            fmt::format(
                "the index of {} is from the future: {}", suite_name(source),
                format_time(release.date)),
            fmt::format("see that the clock of this host is right; it says {}", format_time(now)));
    }
    check_valid_until(source, release.valid_until, now);
    if (seen && release.date < *seen) {
        throw Error(
            ErrorKind::refused,
            fmt::format(
                "the index of {} is older than the one seen before: it is of {}, that was of {}",
                suite_name(source), format_time(release.date), format_time(*seen)),
            "use a mirror that is up to date; somebody may be hiding security updates");
    }
}

std::vector<IndexPlan>
plan_indexes(const Source& source, const Release& release, const std::string& architecture) {
    if (is_flat(source)) {
        const auto plan = find_index(release, "Packages");
        if (!plan) {
            throw Error(
                ErrorKind::definition, fmt::format("{} has no Packages", suite_name(source)),
                "a flat archive has its Packages beside its Release");
        }
        return {*plan};
    }
    check_architecture(source, release, architecture);
    std::vector<IndexPlan> plans;
    for (const std::string& component : source.components) {
        const std::size_t before = plans.size();
        for (const std::string& wanted : {architecture, std::string("all")}) {
            if (wanted == "all" && !has_index_for_all(release)) {
                continue;
            }
            if (auto plan =
                    find_index(release, fmt::format("{}/binary-{}/Packages", component, wanted))) {
                plans.push_back(std::move(*plan));
            }
        }
        if (plans.size() == before) {
            throw Error(
                ErrorKind::definition,
                fmt::format(
                    "{} has no component {} for {}", suite_name(source), component, architecture),
                "its components are " + join(release.components, ", "));
        }
    }
    return plans;
}

std::vector<IndexPlan>
plan_contents(const Source& source, const Release& release, const std::string& architecture) {
    std::vector<IndexPlan> plans;
    for (const std::string& component : source.components) {
        if (auto plan =
                find_index(release, fmt::format("{}/Contents-{}", component, architecture))) {
            plans.push_back(std::move(*plan));
        }
    }
    return plans;
}

std::string by_hash_path(std::string_view path, std::string_view sha256) {
    const std::size_t name = path.rfind('/') + 1; // 0 when there is no '/'
    return fmt::format("{}by-hash/SHA256/{}", path.substr(0, name), sha256);
}

int priority_of(const Release& release) {
    if (!release.not_automatic) {
        return kUsualPriority;
    }
    return release.but_automatic_upgrades ? kUpgradesPriority : kNotAutomaticPriority;
}

} // namespace pare::deb
