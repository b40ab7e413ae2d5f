// SPDX-License-Identifier: Apache-2.0
// Problem: `debian:13` should be all that a definition has to say to get Debian 13 with its updates
// and security fixes.
// Format: `debian:` VERSION-or-CODENAME [ `@` TIMESTAMP ], the timestamp as snapshot.debian.org
// writes it (YYYYMMDDTHHMMSSZ).
// Refuses: releases that pare does not know, timestamps that are none.
#include "deb/sources.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::deb {

namespace {

constexpr std::string_view kPrefix = "debian:";
constexpr std::string_view kSnapshots = "http://snapshot.debian.org/archive/";

Distribution
make_debian(std::string version, std::string codename, std::string_view architectures) {
    Distribution made{.name = std::string(kPrefix) + version, .codename = std::move(codename)};
    made.version = std::move(version);
    for (const std::string_view architecture : split_words(architectures)) {
        made.architectures.emplace_back(architecture);
    }
    return made;
}

/// `0` is a digit, all else itself.
bool has_form(std::string_view text, std::string_view form) {
    return std::ranges::equal(
        text, form, [](char c, char f) { return f == '0' ? c >= '0' && c <= '9' : c == f; });
}

Mirror snapshot_mirror(std::string_view timestamp, std::string_view shorthand) {
    if (!has_form(timestamp, "00000000T000000Z")) {
        throw Error(
            ErrorKind::definition,
            fmt::format("{}: '{}' is no time of a snapshot", shorthand, timestamp),
            "write it as snapshot.debian.org does: debian:13@20261101T000000Z");
    }
    return {
        fmt::format("{}debian/{}/", kSnapshots, timestamp),
        fmt::format("{}debian-security/{}/", kSnapshots, timestamp)};
}

} // namespace

const std::vector<Distribution>& known_distributions() {
    static const std::vector<Distribution> known = {
        make_debian("12", "bookworm", "amd64 arm64 armel armhf i386 mips64el mipsel ppc64el s390x"),
        make_debian("13", "trixie", "amd64 arm64 armel armhf i386 ppc64el riscv64 s390x"),
    };
    return known;
}

const Distribution& find_distribution(std::string_view name) {
    const std::string_view bare = name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : name;
    std::vector<std::string> names;
    for (const Distribution& known : known_distributions()) {
        if ((bare == known.version && bare != name) || bare == known.codename) {
            return known;
        }
        names.push_back(known.name);
    }
    throw Error(
        ErrorKind::definition, fmt::format("pare knows no distribution '{}'", name),
        "it knows " + join(names, ", "));
}

bool is_shorthand(std::string_view text) {
    return text.starts_with(kPrefix);
}

std::vector<Source> expand_shorthand(std::string_view shorthand, const Mirror& mirror) {
    const std::size_t at = shorthand.find('@');
    const bool is_snapshot = at != std::string_view::npos;
    const Distribution& distribution = find_distribution(shorthand.substr(0, at));
    const Mirror from = is_snapshot ? snapshot_mirror(shorthand.substr(at + 1), shorthand) : mirror;
    std::vector<Source> sources;
    for (const std::string_view suffix : {"", "-updates", "-security"}) {
        sources.push_back(
            {.uri = suffix == "-security" ? from.security : from.main,
             .suite = distribution.codename + std::string(suffix),
             .components = {"main"},
             .signed_by = {std::string(kDebianKeyring)},
             .check_valid_until = !is_snapshot,
             .where = std::string(shorthand)});
    }
    return sources;
}

} // namespace pare::deb
