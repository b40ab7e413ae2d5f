// SPDX-License-Identifier: Apache-2.0
// Small work on text that more than one room needs.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pare {

/// Without spaces, tabs, CR and LF at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);
/// Pieces between `separator`s; "a,,b" gives three, "" gives one empty piece.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
/// Words between white space; "" gives none.
[[nodiscard]] std::vector<std::string_view> split_words(std::string_view text);
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view separator);
/// The whole of `text` as a decimal number, or nothing.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text);
/// Levenshtein distance in bytes.
[[nodiscard]] std::size_t edit_distance(std::string_view left, std::string_view right);
/// The candidate nearest to `word`, when it is near enough to be what was meant.
[[nodiscard]] std::optional<std::string>
nearest(std::string_view word, std::span<const std::string> candidates);
/// Whether `path` matches: `?` one byte but '/', `*` any but '/', `**` any at all.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view path);
/// `1.2 MB`, powers of 1000, at most one decimal.
[[nodiscard]] std::string format_size(std::uint64_t bytes);
/// `0.42 s`, `3 min 10 s`.
[[nodiscard]] std::string format_duration(std::chrono::nanoseconds duration);
/// RFC 3339 in UTC: `2026-11-21T05:04:00Z`.
[[nodiscard]] std::string format_time(std::int64_t seconds_since_epoch);
/// Seconds since the epoch of an RFC 3339 time; fractions are cut. Throws ErrorKind::refused.
[[nodiscard]] std::int64_t parse_time(std::string_view text);
/// Splits like a POSIX shell does words and quotes (no expansion); throws ErrorKind::definition.
[[nodiscard]] std::vector<std::string> split_command(std::string_view text);

} // namespace pare
