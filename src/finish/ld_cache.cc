// SPDX-License-Identifier: Apache-2.0
// Writes and reads "glibc-ld.so.cache1.1", the only format that ldconfig of glibc 2.32 and later
// writes and that the loader reads since 2.2. All numbers are in the byte order of the machine.
//
//   header    magic 17, version "1.1" 3, count 4, size of the strings 4, byte order 1 (2 little, 3
//             big), zeros 3, offset of the extensions 4, zeros 12
//   entries   flags 4, offset of the name 4, offset of the path 4, zero 4, hwcap 8
//   strings   NUL-terminated; a string that is the end of another one lies inside it
//   extensions (on a multiple of 4)  magic 0xeaa42174 4, count 4, and for each: tag 4, flags 4,
//             offset 4, size 4; tag 0 is the name of the generator
//
// Entries stand in descending order of names, since the loader searches by halves. Offsets count
// from the start of the file. An ldconfig before 2.32 may put the format "ld.so-1.7.0" in front, on
// which the new one follows at a multiple of 8; its offsets count from where it begins.
#include "finish/ld_cache.hh"

#include "support/error.hh"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <set>

namespace pare::finish {

namespace {

constexpr std::string_view kMagic = "glibc-ld.so.cache1.1";
constexpr std::size_t kHeaderSize = 48;
constexpr std::size_t kEntrySize = 24;
constexpr std::size_t kLongestString = 4096;
constexpr std::uint32_t kExtensionMagic = 0xeaa42174;
constexpr std::size_t kExtensionsSize = 8 + 16;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The number at the start of `text`, which it takes away; as large as it gets when it is larger.
std::uint64_t take_number(std::string_view& text) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max() / 10 - 1;
    std::uint64_t value = 0;
    while (!text.empty() && is_digit(text.front())) {
        value = std::min(value, kMost) * 10 + static_cast<std::uint64_t>(text.front() - '0');
        text.remove_prefix(1);
    }
    return value;
}

struct StringTable {
    Bytes bytes{};
    std::map<std::string_view, std::size_t> offsets{};
};

/// Sorts strings by their ends, descending as ldconfig does: a string comes right after the one
/// that it can lie inside.
bool ends_before(std::string_view left, std::string_view right) {
    return std::lexicographical_compare(
        right.rbegin(), right.rend(), left.rbegin(), left.rend(), [](char l, char r) {
            return static_cast<unsigned char>(l) < static_cast<unsigned char>(r);
        });
}

/// The views in the table are those of the entries.
StringTable make_strings(const std::vector<LdCacheEntry>& entries) {
    StringTable table;
    for (const LdCacheEntry& entry : entries) {
        table.offsets.emplace(entry.soname, 0);
        table.offsets.emplace(entry.path, 0);
    }
    std::vector<std::string_view> order;
    order.reserve(table.offsets.size());
    for (const auto& [text, offset] : table.offsets) {
        order.push_back(text);
    }
    std::sort(order.begin(), order.end(), ends_before);
    std::string_view previous;
    for (const std::string_view text : order) {
        const bool inside = !table.bytes.empty() && previous.ends_with(text);
        if (!inside) {
            table.bytes.append(text).push_back('\0');
        }
        table.offsets[text] = table.bytes.size() - 1 - text.size();
        previous = text;
    }
    return table;
}

/// Descending; of equal names, the one that came first stays first.
void sort_for_search(std::vector<LdCacheEntry>& entries) {
    const auto before = [](const LdCacheEntry& left, const LdCacheEntry& right) {
        const int names = compare_library_names(left.soname, right.soname);
        return names != 0 ? names > 0 : left.flags > right.flags;
    };
    std::multiset<LdCacheEntry, decltype(before)> sorted(
        std::make_move_iterator(entries.begin()), std::make_move_iterator(entries.end()), before);
    entries.assign(sorted.begin(), sorted.end());
}

/// The cache in the new format, whatever stands in front of it.
BytesView without_old_format(BytesView cache) {
    constexpr std::string_view kOldMagic = "ld.so-1.7.0";
    constexpr std::size_t kOldEntry = 12;
    if (!cache.starts_with(kOldMagic)) {
        return cache;
    }
    for (const Endian endian : {Endian::little, Endian::big}) {
        const std::uint64_t count = read_int<std::uint32_t>(cache, kOldMagic.size() + 1, endian);
        const std::uint64_t end = (kOldMagic.size() + 1 + 4 + count * kOldEntry + 7) / 8 * 8;
        if (end < cache.size() && cache.substr(end).starts_with(kMagic)) {
            return cache.substr(end);
        }
    }
    return {};
}

/// The string at that offset of the cache.
std::string string_at(BytesView cache, std::uint32_t offset) {
    const std::size_t end = cache.find('\0', offset);
    if (end == BytesView::npos || end - offset > kLongestString) {
        throw Error(ErrorKind::refused, "/etc/ld.so.cache has a string without end");
    }
    return std::string(cache.substr(offset, end - offset));
}

std::uint32_t offset32(std::size_t offset) {
    if (offset > std::numeric_limits<std::uint32_t>::max()) {
        throw Error(
            ErrorKind::definition, "the libraries are too many for /etc/ld.so.cache",
            "leave out packages whose libraries nothing uses");
    }
    return static_cast<std::uint32_t>(offset);
}

} // namespace

int compare_library_names(std::string_view left, std::string_view right) {
    while (!left.empty() && !right.empty()) {
        if (is_digit(left.front()) != is_digit(right.front())) {
            return is_digit(left.front()) ? 1 : -1;
        }
        if (is_digit(left.front())) {
            const std::uint64_t left_number = take_number(left);
            const std::uint64_t right_number = take_number(right);
            if (left_number != right_number) {
                return left_number < right_number ? -1 : 1;
            }
            continue;
        }
        if (left.front() != right.front()) {
            return static_cast<unsigned char>(left.front()) <
                           static_cast<unsigned char>(right.front())
                       ? -1
                       : 1;
        }
        left.remove_prefix(1);
        right.remove_prefix(1);
    }
    return static_cast<int>(!left.empty()) - static_cast<int>(!right.empty());
}

Bytes write_ld_cache(std::vector<LdCacheEntry> entries, Endian endian, std::string_view generator) {
    sort_for_search(entries);
    const StringTable strings = make_strings(entries);
    const std::size_t strings_at = kHeaderSize + entries.size() * kEntrySize;
    const std::size_t strings_end = strings_at + strings.bytes.size();
    const std::size_t extensions_at = (strings_end + 3) / 4 * 4;

    Bytes cache(kMagic);
    const auto number = [&](std::size_t value) { append_int(cache, offset32(value), endian); };
    number(entries.size());
    number(strings.bytes.size());
    cache.push_back(endian == Endian::little ? '\2' : '\3');
    cache.append(3, '\0');
    number(extensions_at);
    cache.append(12, '\0');
    for (const LdCacheEntry& entry : entries) {
        number(entry.flags);
        number(strings_at + strings.offsets.at(entry.soname));
        number(strings_at + strings.offsets.at(entry.path));
        cache.append(4 + 8, '\0');
    }
    cache.append(strings.bytes);
    cache.append(extensions_at - strings_end, '\0');
    number(kExtensionMagic);
    number(1);
    number(0);
    number(0);
    number(extensions_at + kExtensionsSize);
    number(generator.size());
    return cache.append(generator);
}

std::vector<LdCacheEntry> parse_ld_cache(BytesView cache) {
    cache = without_old_format(cache);
    if (!cache.starts_with(kMagic)) {
        throw Error(ErrorKind::refused, "/etc/ld.so.cache has no format that is known");
    }
    // The byte order is told since 2.33; a count that fits the file tells it too.
    for (const Endian endian : {Endian::little, Endian::big}) {
        const std::uint64_t count = read_int<std::uint32_t>(cache, kMagic.size(), endian);
        if (kHeaderSize + count * kEntrySize > cache.size()) {
            continue;
        }
        std::vector<LdCacheEntry> entries;
        for (std::uint64_t i = 0; i < count; ++i) {
            ByteReader reader(cache.substr(kHeaderSize + i * kEntrySize, kEntrySize), endian);
            const auto flags = reader.number<std::uint32_t>();
            const auto name = reader.number<std::uint32_t>();
            entries.push_back(
                {.soname = string_at(cache, name),
                 .path = string_at(cache, reader.number<std::uint32_t>()),
                 .flags = flags});
        }
        return entries;
    }
    throw Error(ErrorKind::refused, "/etc/ld.so.cache is shorter than it says");
}

} // namespace pare::finish
