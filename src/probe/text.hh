// SPDX-License-Identifier: Apache-2.0
// Reading text without a library. All texts end with a NUL, and readers move a pointer: that makes
// the smallest program. Functions are static, so that those with one caller go into it. What moves
// a pointer goes into its callers, so that they can keep it in a register.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace pare::probe {

/// No number.
constexpr uint32_t kNone = UINT32_MAX;

/// What stands behind `word`, or null when it does not stand there.
[[gnu::noinline]] static constexpr const char* behind(const char* at, const char* word) {
    for (; *word != '\0'; ++word, ++at) {
        if (*at != *word) {
            return nullptr;
        }
    }
    return at;
}

/// Moves behind `word` if it stands there.
[[gnu::always_inline]] static constexpr bool take(const char*& at, const char* word) {
    const char* const end = behind(at, word);
    at = end == nullptr ? at : end;
    return end != nullptr;
}

static constexpr uint32_t digit(char c) {
    return static_cast<uint32_t>(c - '0');
}

/// A number, and in the upper half how many characters it takes.
[[gnu::noinline]] static constexpr uint64_t number_at(const char* at) {
    const char* end = at;
    uint64_t number = 0; // of 64 bits, because some machines take two instructions for 32
    while (digit(*end) <= 9) {
        number = number * 10 + digit(*end++);
        if (number - 1 >= 99'999'999) {
            break;
        }
    }
    if (end == at) {
        return kNone;
    }
    return static_cast<uint64_t>(end - at) << 32 | number;
}

/// Takes a decimal number, or nothing (kNone). It ends before the digit that would make it too
/// long, and a leading zero is a number of its own: what stands behind it tells the caller then.
[[gnu::always_inline]] static constexpr uint32_t take_number(const char*& at) {
    const uint64_t found = number_at(at);
    at += found >> 32;
    return static_cast<uint32_t>(found);
}

/// Milliseconds of `500ms`, `30s` or `5m`, less than 25 days; 0: it is none of them.
static constexpr uint32_t parse_milliseconds(const char* text) {
    uint64_t total = take_number(text);
    const char unit = *text;
    if (unit == 'm' && text[1] == 's') {
        ++text;
    } else {
        total *= unit == 'm' ? 60'000 : unit == 's' ? 1000 : 0;
    }
    // No number, kNone, is too large with every unit.
    const bool is_good = total != 0 && total <= INT32_MAX && text[1] == '\0';
    return is_good ? static_cast<uint32_t>(total) : 0;
}

/// The HTTP statuses that are well.
struct Statuses {
    uint32_t lowest = 0;
    uint32_t highest = 0;
};

/// `204` or `200-299`.
static constexpr bool parse_statuses(const char* text, Statuses& statuses) {
    statuses.lowest = take_number(text);
    statuses.highest = *text == '-' ? take_number(++text) : statuses.lowest;
    // What is less than 100 becomes very much.
    const uint32_t above = statuses.highest - 100;
    return *text == '\0' && above < 900 && statuses.lowest - 100 <= above;
}

} // namespace pare::probe
