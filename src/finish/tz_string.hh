// SPDX-License-Identifier: Apache-2.0
// The TZ string of a time zone: POSIX.1 (Base Definitions, 8.3, TZ) with the extensions of RFC 9636
// section 3.3.1: `CET-1CEST,M3.5.0,M10.5.0/3`, `<+03>-3`, `IST-2IDT,M3.4.4/26,M10.5.0`.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pare::finish {

/// What clocks show: RFC 9636 calls it a local time type.
struct LocalTime {
    std::int32_t offset = 0; ///< seconds east of UT
    bool daylight_saving = false;
    std::string abbreviation{};

    bool operator==(const LocalTime&) const = default;
};

class TzString {
public:
    /// Nothing for a text that is no TZ string, or one whose rules POSIX leaves to the system
    /// (`EST5EDT` alone). `extended`: times of day from -167 to 167 hours, as from version 3 on.
    static std::optional<TzString> parse(std::string_view text, bool extended);

    /// What holds at that time and until `until` without a change; nothing when there is a change
    /// between, or when that cannot be told for certain.
    [[nodiscard]] std::optional<LocalTime> steady(std::int64_t from, std::int64_t until) const;

private:
    enum class Form { julian, day_of_year, weekday };

    /// A day of the year and a time of that day.
    struct Rule {
        Form form = Form::weekday;
        int day = 0; ///< 1 to 365 without 29 February, 0 to 365, or of the week
        int week = 0;
        int month = 0;
        std::int64_t time = 0; ///< seconds after midnight

        /// Seconds since the epoch, as the clocks before the change show them.
        [[nodiscard]] std::int64_t in(std::chrono::year year) const;
    };

    class Parser;

    LocalTime standard_{};
    std::optional<LocalTime> daylight_{};
    std::array<Rule, 2> rules_{}; ///< when daylight saving time begins, and when it ends
};

} // namespace pare::finish
