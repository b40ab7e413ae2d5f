// SPDX-License-Identifier: Apache-2.0
// Problem: which of two versions is newer, exactly as dpkg and apt say it.
// Format: [epoch:]upstream[-revision], deb-version(7) and Debian policy 5.6.12. Epochs are compared
// as numbers; upstream and revision piece by piece, a run of non-digits (`~` before the end, the
// end before letters, letters before all else), then a run of digits as a number of any length. An
// absent epoch or revision equals "0".
// Refuses nothing: is_version() tells what policy allows, the order is total for any bytes.
#include "deb/version.hh"

#include <algorithm>
#include <cstddef>

namespace pare::deb {

namespace {

struct Parts {
    std::string_view epoch{};
    std::string_view upstream{};
    std::string_view revision{};
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_digit);
}

bool holds_only(std::string_view text, std::string_view others) {
    return std::ranges::all_of(text, [others](char c) {
        return is_digit(c) || is_letter(c) || others.find(c) != std::string_view::npos;
    });
}

Parts split_version(std::string_view text) {
    Parts parts;
    const std::size_t colon = text.find(':');
    if (colon != std::string_view::npos && is_number(text.substr(0, colon))) {
        parts.epoch = text.substr(0, colon);
        text.remove_prefix(colon + 1);
    }
    const std::size_t hyphen = text.rfind('-');
    parts.upstream = text.substr(0, hyphen);
    if (hyphen != std::string_view::npos) {
        parts.revision = text.substr(hyphen + 1);
    }
    return parts;
}

std::string_view without_leading_zeros(std::string_view digits) {
    return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

/// Numbers of any length, as text.
int compare_numbers(std::string_view left, std::string_view right) {
    left = without_leading_zeros(left);
    right = without_leading_zeros(right);
    if (left.size() != right.size()) {
        return left.size() < right.size() ? -1 : 1;
    }
    return left.compare(right);
}

/// Where a byte that is no digit stands; 0 is the end of the piece.
int rank(char c) {
    const int code = static_cast<unsigned char>(c);
    if (c == '~') {
        return -1;
    }
    return is_letter(c) ? code : code + 256;
}

std::string_view take_digits(std::string_view& text) {
    const std::string_view digits(text.begin(), std::ranges::find_if_not(text, is_digit));
    text.remove_prefix(digits.size());
    return digits;
}

int take_rank(std::string_view& text) {
    if (text.empty() || is_digit(text.front())) {
        return 0;
    }
    const int taken = rank(text.front());
    text.remove_prefix(1);
    return taken;
}

int compare_parts(std::string_view left, std::string_view right) {
    while (!left.empty() || !right.empty()) {
        while ((!left.empty() && !is_digit(left.front())) ||
               (!right.empty() && !is_digit(right.front()))) {
            const int difference = take_rank(left) - take_rank(right);
            if (difference != 0) {
                return difference;
            }
        }
        const int difference = compare_numbers(take_digits(left), take_digits(right));
        if (difference != 0) {
            return difference;
        }
    }
    return 0;
}

} // namespace

int compare_versions(std::string_view left, std::string_view right) {
    const Parts a = split_version(left);
    const Parts b = split_version(right);
    if (const int difference = compare_numbers(a.epoch, b.epoch); difference != 0) {
        return difference;
    }
    if (const int difference = compare_parts(a.upstream, b.upstream); difference != 0) {
        return difference;
    }
    return compare_parts(a.revision, b.revision);
}

bool is_version(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon != std::string_view::npos) {
        // dpkg keeps epochs in an int.
        const std::string_view epoch = text.substr(0, colon);
        if (!is_number(epoch) || compare_numbers(epoch, "2147483647") > 0) {
            return false;
        }
        text.remove_prefix(colon + 1);
    }
    const std::size_t hyphen = text.rfind('-');
    if (hyphen != std::string_view::npos) {
        const std::string_view revision = text.substr(hyphen + 1);
        if (revision.empty() || !holds_only(revision, "+.~")) {
            return false;
        }
    }
    const std::string_view upstream = text.substr(0, hyphen);
    return !upstream.empty() && is_digit(upstream.front()) && holds_only(upstream, ".+-~:");
}

bool version_matches(std::string_view version, package::Operator op, std::string_view wanted) {
    if (op == package::Operator::any) {
        return true;
    }
    const int order = compare_versions(version, wanted);
    switch (op) {
    case package::Operator::any:
        return true;
    case package::Operator::less:
        return order < 0;
    case package::Operator::less_equal:
        return order <= 0;
    case package::Operator::equal:
        return order == 0;
    case package::Operator::greater_equal:
        return order >= 0;
    case package::Operator::greater:
        return order > 0;
    }
    return false;
}

} // namespace pare::deb
