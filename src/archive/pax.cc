// SPDX-License-Identifier: Apache-2.0
// pax extended headers (POSIX.1-2001, pax, "pax Extended Header"): records `LENGTH KEY=VALUE\n`,
// LENGTH being the decimal number of bytes of the whole record. The last of two equal keys counts;
// an empty value takes back what a global header said. Unknown keys are left alone.
//
// Refused: records that do not end where their length says, keys that are empty, numbers that are
// none, NUL in names.
#include "archive/pax.hh"

#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <limits>

namespace pare::archive {

namespace {

constexpr std::string_view kXattr = "SCHILY.xattr.";
constexpr std::string_view kSparse = "GNU.sparse.";

struct Record {
    std::string_view key;
    std::string_view value;
};

[[noreturn]] void refuse_pax(const std::string& why) {
    throw Error(ErrorKind::refused, "bad pax header: " + why);
}

class Records {
public:
    explicit Records(BytesView bytes) : rest_(bytes) {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }

    Record next() {
        const std::size_t space = rest_.substr(0, 21).find(' ');
        const auto length =
            space == BytesView::npos ? std::nullopt : parse_number(rest_.substr(0, space));
        if (!length || *length <= space + 1 || *length > rest_.size()) {
            refuse_pax("a record has no good length");
        }
        const BytesView record = rest_.substr(space + 1, *length - space - 1);
        const std::size_t equals = record.find('=');
        if (!record.ends_with('\n') || equals == BytesView::npos || equals == 0) {
            refuse_pax("a record is not KEY=VALUE and a newline");
        }
        rest_.remove_prefix(*length);
        return {record.substr(0, equals), record.substr(equals + 1, record.size() - equals - 2)};
    }

private:
    BytesView rest_;
};

std::uint64_t number_of(const Record& record) {
    const auto number = parse_number(record.value);
    if (!number) {
        refuse_pax(fmt::format("{}=\"{}\" is no number", record.key, record.value));
    }
    return *number;
}

/// Whole seconds, rounded down as stat(2) does.
std::int64_t time_of(const Record& record) {
    const bool negative = record.value.starts_with('-');
    const std::string_view digits = record.value.substr(negative ? 1 : 0);
    const std::size_t point = digits.find('.');
    const auto whole = parse_number(digits.substr(0, point));
    const std::string_view fraction =
        point == std::string_view::npos ? std::string_view() : digits.substr(point + 1);
    const bool has_fraction = fraction.find_first_not_of('0') != std::string_view::npos;
    // Before 1970, count back from -1, which the largest number can do too.
    const std::uint64_t steps = whole.value_or(0) - (negative && !has_fraction ? 1 : 0);
    if (whole == 0 && !has_fraction) {
        return 0;
    }
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const bool good = whole && steps <= kMost &&
                      fraction.find_first_not_of("0123456789") == std::string_view::npos;
    if (!good) {
        refuse_pax(fmt::format("{}=\"{}\" is no time", record.key, record.value));
    }
    const auto seconds = static_cast<std::int64_t>(steps);
    return negative ? -1 - seconds : seconds;
}

std::string text_of(const Record& record) {
    if (record.value.find('\0') != std::string_view::npos) {
        refuse_pax(fmt::format("{} holds a NUL", record.key));
    }
    return std::string(record.value);
}

using TextMember = std::optional<std::string> PaxValues::*;
using NumberMember = std::optional<std::uint64_t> PaxValues::*;

constexpr std::array<std::pair<std::string_view, TextMember>, 4> kTexts{{
    {"path", &PaxValues::path},
    {"linkpath", &PaxValues::link},
    {"uname", &PaxValues::user},
    {"gname", &PaxValues::group},
}};

constexpr std::array<std::pair<std::string_view, NumberMember>, 5> kNumbers{{
    {"size", &PaxValues::size},
    {"uid", &PaxValues::uid},
    {"gid", &PaxValues::gid},
    {"SCHILY.devmajor", &PaxValues::device_major},
    {"SCHILY.devminor", &PaxValues::device_minor},
}};

void append_map(std::vector<std::uint64_t>& numbers, const Record& record) {
    for (const std::string_view piece : split(record.value, ',')) {
        numbers.push_back(number_of({record.key, piece}));
    }
}

/// `key` is what stands behind GNU.sparse. in the key.
void apply_sparse(PaxSparse& sparse, std::string_view key, const Record& record) {
    if (key == "major") {
        sparse.major = number_of(record);
    } else if (key == "minor") {
        sparse.minor = number_of(record);
    } else if (key == "size" || key == "realsize") {
        sparse.real_size = number_of(record);
    } else if (key == "name") {
        sparse.name = text_of(record);
    } else if (key == "map") {
        append_map(sparse.numbers, record);
    } else if (key == "offset" || key == "numbytes") {
        const bool in_turn = (sparse.numbers.size() % 2 == 0) == (key == "offset");
        if (!in_turn) {
            refuse_pax("GNU.sparse.offset and GNU.sparse.numbytes do not alternate");
        }
        sparse.numbers.push_back(number_of(record));
    } else if (key != "numblocks") {
        refuse_pax(fmt::format("unknown key {}", record.key));
    }
}

template <typename Table>
auto find_member(const Table& table, std::string_view key) {
    return std::ranges::find(table, key, [](const auto& row) { return row.first; });
}

void apply(PaxValues& values, const Record& record) {
    if (const auto* text = find_member(kTexts, record.key); text != kTexts.end()) {
        values.*text->second = record.value.empty() ? std::nullopt : std::optional(text_of(record));
    } else if (const auto* number = find_member(kNumbers, record.key); number != kNumbers.end()) {
        values.*number->second =
            record.value.empty() ? std::nullopt : std::optional(number_of(record));
    } else if (record.key == "mtime") {
        values.mtime = record.value.empty() ? std::nullopt : std::optional(time_of(record));
    } else if (record.key.starts_with(kXattr) && record.key.size() > kXattr.size()) {
        values.xattrs[std::string(record.key.substr(kXattr.size()))] = record.value;
    } else if (record.key.starts_with(kSparse)) {
        PaxSparse& sparse = values.sparse ? *values.sparse : values.sparse.emplace();
        apply_sparse(sparse, record.key.substr(kSparse.size()), record);
    }
}

std::size_t count_digits(std::size_t number) {
    std::size_t digits = 1;
    for (; number >= 10; number /= 10) {
        ++digits;
    }
    return digits;
}

} // namespace

PaxValues parse_pax(BytesView records, PaxValues base) {
    Records reader(records);
    while (!reader.at_end()) {
        apply(base, reader.next());
    }
    return base;
}

Bytes write_pax(const std::map<std::string, std::string>& records) {
    Bytes out;
    for (const auto& [key, value] : records) {
        const std::size_t rest = key.size() + value.size() + 3;
        std::size_t length = rest + count_digits(rest);
        if (count_digits(length) != count_digits(rest)) {
            length = rest + count_digits(length);
        }
        out += fmt::format("{} {}={}\n", length, key, value);
    }
    return out;
}

} // namespace pare::archive
