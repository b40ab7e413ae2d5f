// SPDX-License-Identifier: Apache-2.0
// Problem: the one signed file of a suite vouches for all the others by size and hash, and says
// from when until when it is true.
// Format: wiki.debian.org/DebianRepository/Format, section "Release files": one deb822 paragraph;
// SHA256 has a line ` HASH SIZE PATH` for each file. Dates are those of RFC 5322 section 3.3,
// always in UTC. MD5Sum and SHA1 are not looked at. Refuses: more or less than one paragraph, no or
// unreadable dates, no SHA256, files twice, paths that are no plain paths below the suite.
#include "deb/release.hh"

#include "deb/control.hh"
#include "support/digest.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace pare::deb {

namespace {

constexpr std::size_t kMostFiles = 200'000;
constexpr std::size_t kSha256Digits = 64;
constexpr const char* kHint = "tell the archive's maintainer, or use another mirror";

[[noreturn]] void refuse(const std::string& name, std::string_view why) {
    throw Error(ErrorKind::refused, fmt::format("{}: {}", name, why), kHint);
}

std::optional<unsigned> month_number(std::string_view name) {
    constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto found = std::ranges::find(kMonths, name);
    if (found == kMonths.end()) {
        return std::nullopt;
    }
    return static_cast<unsigned>(found - kMonths.begin()) + 1;
}

/// A number of one or two digits (`digits`: of exactly so many) up to `most`.
std::optional<unsigned> small_number(std::string_view text, std::size_t digits, unsigned most) {
    const auto number = parse_number(text);
    if (!number || *number > most || text.size() > digits) {
        return std::nullopt;
    }
    return static_cast<unsigned>(*number);
}

std::optional<std::int64_t> seconds_of_day(std::string_view text) {
    const auto parts = split(text, ':');
    if (parts.size() != 3) {
        return std::nullopt;
    }
    const auto hour = small_number(parts[0], 2, 23);
    const auto minute = small_number(parts[1], 2, 59);
    const auto second = small_number(parts[2], 2, 60);
    if (!hour || !minute || !second) {
        return std::nullopt;
    }
    return (std::int64_t{*hour} * 60 + *minute) * 60 + *second;
}

bool is_utc(std::string_view zone) {
    constexpr std::array<std::string_view, 5> kNames = {"UTC", "GMT", "Z", "+0000", "-0000"};
    return std::ranges::find(kNames, zone) != kNames.end();
}

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> copies;
    for (const std::string_view word : split_words(text)) {
        copies.emplace_back(word);
    }
    return copies;
}

/// Paths become URLs and parts of messages: no control bytes.
bool is_plain_path(std::string_view path) {
    const bool is_printable =
        std::ranges::none_of(path, [](char c) { return (c >= 0 && c <= ' ') || c == '\x7f'; });
    return is_printable && std::ranges::all_of(split(path, '/'), [](std::string_view part) {
               return !part.empty() && part != "." && part != "..";
           });
}

void add_file(Release& release, std::string_view line, const std::string& name) {
    const auto parts = split_words(line);
    if (parts.empty()) {
        return;
    }
    const auto size = parts.size() == 3 ? parse_number(parts[1]) : std::nullopt;
    if (!size || !is_hex(parts[0], kSha256Digits)) {
        refuse(name, fmt::format("'{}' is no SHA-256, size and path", line.substr(0, 100)));
    }
    std::string_view path = parts[2];
    if (path.starts_with("./")) {
        path.remove_prefix(2);
    }
    if (!is_plain_path(path)) {
        refuse(
            name,
            fmt::format("it lists a path that is no plain one below the suite, for {}", parts[0]));
    }
    const IndexFile file{*size, std::string(parts[0])};
    const auto [place, is_new] = release.files.emplace(path, file);
    if (!is_new && place->second.sha256 != file.sha256) {
        refuse(name, fmt::format("it gives two hashes of {}", path));
    }
    if (release.files.size() > kMostFiles) {
        refuse(name, fmt::format("it lists more than {} files", kMostFiles));
    }
}

std::optional<std::int64_t>
date_of(const Paragraph& paragraph, std::string_view field, const std::string& name) {
    if (!paragraph.has(field)) {
        return std::nullopt;
    }
    const auto date = parse_date(paragraph.value(field));
    if (!date) {
        refuse(name, fmt::format("{} '{}' is no date in UTC", field, paragraph.value(field)));
    }
    return date;
}

} // namespace

std::optional<std::int64_t> parse_date(std::string_view text) {
    namespace chrono = std::chrono;
    std::vector<std::string_view> parts = split_words(text);
    if (!parts.empty() && parts.front().ends_with(',')) {
        parts.erase(parts.begin());
    }
    if (parts.size() != 5 || !is_utc(parts[4])) {
        return std::nullopt;
    }
    const auto day = small_number(parts[0], 2, 31);
    const auto month = month_number(parts[1]);
    const auto year = small_number(parts[2], 4, 9999);
    const auto seconds = seconds_of_day(parts[3]);
    if (!day || !month || !year || !seconds) {
        return std::nullopt;
    }
    const chrono::year_month_day date(
        chrono::year(static_cast<int>(*year)), chrono::month(*month), chrono::day(*day));
    if (!date.ok()) {
        return std::nullopt;
    }
    const chrono::sys_seconds midnight = chrono::sys_days(date);
    return midnight.time_since_epoch().count() + *seconds;
}

Release parse_release(std::string_view text, const std::string& name) {
    const std::vector<Paragraph> paragraphs = parse_control(text, name);
    if (paragraphs.size() != 1) {
        refuse(name, fmt::format("it has {} paragraphs instead of one", paragraphs.size()));
    }
    const Paragraph& paragraph = paragraphs.front();
    const auto is_yes = [&](std::string_view field) { return paragraph.value(field) == "yes"; };
    Release release{
        .origin = std::string(paragraph.value("Origin")),
        .label = std::string(paragraph.value("Label")),
        .suite = std::string(paragraph.value("Suite")),
        .codename = std::string(paragraph.value("Codename")),
        .version = std::string(paragraph.value("Version")),
        .valid_until = date_of(paragraph, "Valid-Until", name),
        .acquire_by_hash = is_yes("Acquire-By-Hash"),
        .not_automatic = is_yes("NotAutomatic"),
        .but_automatic_upgrades = is_yes("ButAutomaticUpgrades"),
        .all_is_everywhere = paragraph.value("No-Support-for-Architecture-all") == "Packages",
        .architectures = words(paragraph.value("Architectures")),
        .components = words(paragraph.value("Components"))};
    const auto date = date_of(paragraph, "Date", name);
    if (!date) {
        refuse(name, "it has no Date");
    }
    release.date = *date;
    if (!paragraph.has("SHA256")) {
        refuse(name, "it has no SHA256 section; weaker hashes are not enough");
    }
    for (const std::string_view line : split(paragraph.value("SHA256"), '\n')) {
        add_file(release, line, name);
    }
    return release;
}

} // namespace pare::deb
