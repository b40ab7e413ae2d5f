// SPDX-License-Identifier: Apache-2.0
// Reading a TZ string, and what it says about a span of time. Strings that readers might take in
// different ways (rules that overlap) have no certain answer: nothing is left out of a file on
// their word.
#include "finish/tz_string.hh"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace pare::finish {

namespace {

/// After so many seconds the Gregorian calendar repeats, days of the week included.
constexpr std::int64_t kCycle = std::int64_t{146097} * 86400;
constexpr std::size_t kLongestName = 32;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// A moment from which on daylight saving time holds or does not.
struct Change {
    std::int64_t at = 0;
    bool to_daylight = false;

    /// Of two at one moment the end of daylight saving time is first: it then holds all year.
    auto operator<=>(const Change&) const = default;
};

} // namespace

class TzString::Parser {
public:
    Parser(std::string_view text, bool extended) : rest_(text), extended_(extended) {}

    std::optional<TzString> run() {
        TzString read;
        if (!name(read.standard_) || !offset(read.standard_)) {
            return std::nullopt;
        }
        if (rest_.empty()) {
            return read;
        }
        LocalTime daylight{.offset = read.standard_.offset + 3600, .daylight_saving = true};
        if (!name(daylight) || (!rest_.starts_with(',') && !offset(daylight)) ||
            !rule(read.rules_[0]) || !rule(read.rules_[1]) || !rest_.empty()) {
            return std::nullopt;
        }
        read.daylight_ = std::move(daylight);
        return read;
    }

private:
    bool take(char wanted) {
        if (!rest_.starts_with(wanted)) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    bool name(LocalTime& time) {
        const bool quoted = take('<');
        std::size_t size = 0;
        while (size < rest_.size() &&
               (is_letter(rest_[size]) ||
                (quoted && (is_digit(rest_[size]) || rest_[size] == '+' || rest_[size] == '-')))) {
            ++size;
        }
        time.abbreviation = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return size >= 3 && size <= kLongestName && (!quoted || take('>'));
    }

    /// One to three digits, from `least` to `most`.
    std::optional<int> number(int least, int most) {
        int value = 0;
        std::size_t digits = 0;
        for (; digits < 3 && !rest_.empty() && is_digit(rest_.front()); ++digits) {
            value = 10 * value + (rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        return digits > 0 && value >= least && value <= most ? std::optional(value) : std::nullopt;
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    std::optional<int> clock(int most_hours) {
        const bool negative = take('-');
        if (!negative) {
            (void)take('+');
        }
        const auto hours = number(0, most_hours);
        const auto minutes = hours && take(':') ? number(0, 59) : std::optional(0);
        const auto seconds = minutes && take(':') ? number(0, 59) : std::optional(0);
        if (!hours || !minutes || !seconds) {
            return std::nullopt;
        }
        const int value = *hours * 3600 + *minutes * 60 + *seconds;
        return negative ? -value : value;
    }

    /// Written as what has to be added to local time to get UT.
    bool offset(LocalTime& time) {
        const auto west = clock(24);
        time.offset = -west.value_or(0);
        return west.has_value();
    }

    bool rule(Rule& rule) {
        if (!take(',') || !day(rule)) {
            return false;
        }
        rule.time = std::int64_t{2} * 3600;
        if (take('/')) {
            if (!extended_ && (rest_.starts_with('-') || rest_.starts_with('+'))) {
                return false;
            }
            const auto time = clock(extended_ ? 167 : 24);
            rule.time = time.value_or(0);
            return time.has_value();
        }
        return true;
    }

    bool day(Rule& rule) {
        if (take('M')) {
            rule.form = Form::weekday;
            const auto month = number(1, 12);
            const auto week = month && take('.') ? number(1, 5) : std::nullopt;
            const auto day = week && take('.') ? number(0, 6) : std::nullopt;
            rule.month = month.value_or(0);
            rule.week = week.value_or(0);
            rule.day = day.value_or(0);
            return day.has_value();
        }
        rule.form = take('J') ? Form::julian : Form::day_of_year;
        const auto day = number(rule.form == Form::julian ? 1 : 0, 365);
        rule.day = day.value_or(0);
        return day.has_value();
    }

    std::string_view rest_;
    bool extended_;
};

std::optional<TzString> TzString::parse(std::string_view text, bool extended) {
    return Parser(text, extended).run();
}

std::int64_t TzString::Rule::in(std::chrono::year year) const {
    using namespace std::chrono;
    const sys_days new_year = year / January / 1;
    sys_days found = new_year + days(day);
    if (form == Form::julian) {
        found = new_year + days(day > 59 && year.is_leap() ? day : day - 1);
    } else if (form == Form::weekday) {
        const auto in_month = year / std::chrono::month(static_cast<unsigned>(month));
        const weekday wanted(static_cast<unsigned>(day));
        found = week == 5 ? sys_days(in_month / wanted[last])
                          : sys_days(in_month / wanted[static_cast<unsigned>(week)]);
    }
    return found.time_since_epoch().count() * std::int64_t{86400} + time;
}

std::optional<LocalTime> TzString::steady(std::int64_t from, std::int64_t until) const {
    if (!daylight_) {
        return standard_;
    }
    // The same moment of a cycle in which the calendar of the library is at home.
    const std::int64_t cycles = from >= 0 ? from / kCycle : -((kCycle - 1 - from) / kCycle);
    const std::int64_t start = from - cycles * kCycle;
    using namespace std::chrono;
    const year_month_day date(floor<days>(sys_seconds(seconds(start))));
    std::array<Change, 6> changes{};
    for (std::size_t i = 0; i < 3; ++i) {
        const year each = date.year() + years(static_cast<int>(i) - 1);
        const std::size_t at = 2 * i;
        changes[at] = {rules_[0].in(each)-standard_.offset, true};
        changes[at + 1] = {rules_[1].in(each)-daylight_->offset, false};
    }
    std::sort(changes.begin(), changes.end());
    const auto next = std::upper_bound(
        changes.begin(), changes.end(), start,
        [](std::int64_t time, const Change& change) { return time < change.at; });
    const bool alternates =
        std::adjacent_find(changes.begin(), changes.end(), [](const auto& left, const auto& right) {
            return left.to_daylight == right.to_daylight;
        }) == changes.end();
    if (!alternates || next == changes.begin() || next == changes.end() ||
        until - from > next->at - start) {
        return std::nullopt;
    }
    return std::prev(next)->to_daylight ? *daylight_ : standard_;
}

} // namespace pare::finish
