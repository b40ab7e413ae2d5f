// SPDX-License-Identifier: Apache-2.0
#include "support/text.hh"

#include "support/error.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <numeric>

namespace pare {

namespace {

constexpr std::string_view kSpace = " \t\r\n";

[[noreturn]] void refuse_time(std::string_view text) {
    throw Error(ErrorKind::refused, fmt::format("\"{}\" is no RFC 3339 time", text));
}

/// A decimal number of exactly `length` digits at `offset`.
int fixed_number(std::string_view text, std::size_t offset, std::size_t length) {
    int number = 0;
    for (std::size_t i = offset; i < offset + length; ++i) {
        if (i >= text.size() || text[i] < '0' || text[i] > '9') {
            refuse_time(text);
        }
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

/// `Z` or `+01:00`, in seconds.
std::int64_t parse_zone(std::string_view zone, std::string_view whole) {
    if (zone == "Z" || zone == "z") {
        return 0;
    }
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') {
        refuse_time(whole);
    }
    const int seconds = fixed_number(zone, 1, 2) * 3600 + fixed_number(zone, 4, 2) * 60;
    return zone[0] == '-' ? -seconds : seconds;
}

} // namespace

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> pieces;
    while (true) {
        const std::size_t at = text.find(separator);
        pieces.push_back(text.substr(0, at));
        if (at == std::string_view::npos) {
            return pieces;
        }
        text.remove_prefix(at + 1);
    }
}

std::vector<std::string_view> split_words(std::string_view text) {
    std::vector<std::string_view> words;
    while (true) {
        const std::size_t first = text.find_first_not_of(kSpace);
        if (first == std::string_view::npos) {
            return words;
        }
        text.remove_prefix(first);
        const std::size_t end = std::min(text.find_first_of(kSpace), text.size());
        words.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
    std::string joined;
    for (const std::string& part : parts) {
        if (&part != parts.data()) {
            joined.append(separator);
        }
        joined.append(part);
    }
    return joined;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || problem != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < right.size(); ++j) {
            const std::size_t replaced = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
    const std::size_t tolerance = std::max<std::size_t>(1, word.size() / 3);
    std::size_t best = tolerance + 1;
    std::optional<std::string> found;
    for (const std::string& candidate : candidates) {
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < best) {
            best = distance;
            found = candidate;
        }
    }
    return found;
}

bool glob_matches(std::string_view pattern, std::string_view path) {
    // Backtracks to the latest `*` and, when that cannot stretch over a '/', to the latest `**`.
    struct Mark {
        std::size_t pattern = std::string_view::npos;
        std::size_t path = 0;
    };

    Mark star;
    Mark double_star;
    std::size_t p = 0;
    std::size_t s = 0;
    while (s < path.size() || p < pattern.size()) {
        if (p < pattern.size() && pattern.substr(p).starts_with("**")) {
            p += 2;
            double_star = {p, s};
            star = {};
            continue;
        }
        if (p < pattern.size() && pattern[p] == '*') {
            ++p;
            star = {p, s};
            continue;
        }
        if (p < pattern.size() && s < path.size() &&
            (pattern[p] == path[s] || (pattern[p] == '?' && path[s] != '/'))) {
            ++p;
            ++s;
            continue;
        }
        if (star.pattern != std::string_view::npos && star.path < path.size() &&
            path[star.path] != '/') {
            p = star.pattern;
            s = ++star.path;
            continue;
        }
        if (double_star.pattern != std::string_view::npos && double_star.path < path.size()) {
            p = double_star.pattern;
            s = ++double_star.path;
            star = {};
            continue;
        }
        return false;
    }
    return true;
}

std::string format_size(std::uint64_t bytes) {
    constexpr std::array<const char*, 5> kUnits = {"B", "kB", "MB", "GB", "TB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 999.95 && unit + 1 < kUnits.size()) {
        value /= 1000;
        ++unit;
    }
    return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string format_duration(std::chrono::nanoseconds duration) {
    const double seconds = std::chrono::duration<double>(duration).count();
    if (seconds < 60) {
        return fmt::format("{:.2f} s", seconds);
    }
    const auto whole = static_cast<std::uint64_t>(seconds);
    return fmt::format("{} min {} s", whole / 60, whole % 60);
}

std::string format_time(std::int64_t seconds_since_epoch) {
    const auto seconds = static_cast<std::time_t>(seconds_since_epoch);
    std::tm parts{};
    ensure(gmtime_r(&seconds, &parts) != nullptr, "a time has no calendar date");
    return fmt::format(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
        parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::int64_t parse_time(std::string_view text) {
    namespace chrono = std::chrono;
    const chrono::year_month_day date(
        chrono::year(fixed_number(text, 0, 4)),
        chrono::month(static_cast<unsigned>(fixed_number(text, 5, 2))),
        chrono::day(static_cast<unsigned>(fixed_number(text, 8, 2))));
    const int hour = fixed_number(text, 11, 2);
    const int minute = fixed_number(text, 14, 2);
    const int second = fixed_number(text, 17, 2);
    const bool separated = text[4] == '-' && text[7] == '-' && text[13] == ':' && text[16] == ':' &&
                           (text[10] == 'T' || text[10] == 't');
    if (!separated || !date.ok() || hour > 23 || minute > 59 || second > 60) {
        refuse_time(text);
    }
    std::string_view rest = text.substr(19);
    if (rest.starts_with('.')) {
        rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
    }
    const std::int64_t days = chrono::sys_days(date).time_since_epoch().count();
    return days * 86400 + std::int64_t{hour} * 3600 + std::int64_t{minute} * 60 + second -
           parse_zone(rest, text);
}

std::vector<std::string> split_command(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    bool in_word = false;
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote == '\'' ? c != '\'' : c == '\\' && i + 1 < text.size()) {
            word.push_back(quote == '\'' ? c : text[++i]);
            in_word = true;
        } else if (quote != 0 && c == quote) {
            quote = 0;
        } else if (quote == 0 && (c == '\'' || c == '"')) {
            quote = c;
            in_word = true;
        } else if (quote == 0 && kSpace.find(c) != std::string_view::npos) {
            if (in_word) {
                words.push_back(std::exchange(word, {}));
            }
            in_word = false;
        } else {
            word.push_back(c);
            in_word = true;
        }
    }
    if (quote != 0) {
        throw Error(
            ErrorKind::definition, fmt::format("a {} quote is not closed in: {}", quote, text));
    }
    if (in_word) {
        words.push_back(std::move(word));
    }
    return words;
}

} // namespace pare
