// SPDX-License-Identifier: Apache-2.0
//   duration = ["+" / "-"] ("0" / 1*(number unit))
//   number   = digits ["." digits] / "." digits
//   unit     = ns us µs ms s m h
//
// Go, time.ParseDuration. Refused: what does not fit nanoseconds in 64 bits.
#include "dockerfile/instruction.hh"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace pare::dockerfile {

namespace {

struct Unit {
    std::string_view name;
    double nanoseconds;
};

constexpr std::array kUnits = {
    Unit{"ns", 1},   Unit{"us", 1e3}, Unit{"\xc2\xb5s", 1e3}, Unit{"\xce\xbcs", 1e3},
    Unit{"ms", 1e6}, Unit{"s", 1e9},  Unit{"m", 60e9},        Unit{"h", 3600e9},
};

/// Takes a number from the front; nothing when there is none.
std::optional<double> take_number(std::string_view& text) {
    double value = 0;
    double scale = 0;
    bool digits = false;
    while (!text.empty()) {
        const char c = text.front();
        if (c == '.' && scale == 0) {
            scale = 1;
        } else if (c >= '0' && c <= '9') {
            digits = true;
            value = value * 10 + (c - '0');
            scale *= 10;
        } else {
            break;
        }
        text.remove_prefix(1);
    }
    return digits ? std::optional(scale > 1 ? value / scale : value) : std::nullopt;
}

/// Takes the longest unit that fits.
std::optional<double> take_unit(std::string_view& text) {
    const auto end = std::find_if(
        text.begin(), text.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
    const std::string_view name = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    for (const Unit& unit : kUnits) {
        if (unit.name == name) {
            text.remove_prefix(name.size());
            return unit.nanoseconds;
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    if (text == "0") {
        return std::chrono::nanoseconds(0);
    }
    if (text.empty()) {
        return std::nullopt;
    }
    double total = 0;
    while (!text.empty()) {
        const auto number = take_number(text);
        const auto unit = number ? take_unit(text) : std::nullopt;
        if (!unit) {
            return std::nullopt;
        }
        total += *number * *unit;
    }
    constexpr double kMost = 9.2e18;
    if (!(total < kMost)) {
        return std::nullopt;
    }
    return std::chrono::nanoseconds(static_cast<std::int64_t>(negative ? -total : total));
}

} // namespace pare::dockerfile
