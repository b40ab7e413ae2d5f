// SPDX-License-Identifier: Apache-2.0
// TZif is told twice: a block of version 1 with times of 32 bits, the same with 64 bits, and then a
// TZ string for all times after the last transition. `zic -b fat` fills both blocks, with what the
// TZ string says until 2037. Here are left out
//  - all of the first block: one type without a name stands there, as RFC 9636 section 4 asks;
//  - transitions at the end that the TZ string implies, and those that change nothing;
//  - types and names that nothing uses any more, and the flags "standard" and "UT" of types, which
//    only count for TZ strings without rules, and only in the file `posixrules`.
// Files with leap seconds keep their transitions: readers do not agree on whether the times of a
// TZ string count them. A file in which anything is not as the RFC says is refused as a whole.
#include "finish/tzif.hh"

#include "finish/tz_string.hh"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace pare::finish {

namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 20;
/// Before the Big Bang, and as far in the other direction.
constexpr std::int64_t kFarthest = std::int64_t{1} << 59;
constexpr BytesView kMagic = "TZif";

[[noreturn]] void refuse(const char* why) {
    throw Error(ErrorKind::refused, why);
}

struct Transition {
    std::int64_t at = 0;
    std::uint8_t type = 0;
};

struct Zone {
    char version = '2';
    std::vector<Transition> transitions{};
    std::vector<LocalTime> types{}; ///< the first holds before all transitions
    std::uint32_t leap_seconds = 0;
    BytesView leap_table{};
    BytesView footer{};
};

struct Header {
    char version = 0;
    std::uint32_t ut_flags = 0;
    std::uint32_t standard_flags = 0;
    std::uint32_t leap_seconds = 0;
    std::uint32_t transitions = 0;
    std::uint32_t types = 0;
    std::uint32_t characters = 0;

    /// Of the block that follows. No product of these counts leaves 64 bits.
    [[nodiscard]] std::uint64_t size(std::uint64_t time_size) const {
        return transitions * (time_size + 1) + std::uint64_t{types} * 6 + characters +
               leap_seconds * (time_size + 4) + standard_flags + ut_flags;
    }
};

Header read_header(ByteReader& reader) {
    if (reader.take(kMagic.size()) != kMagic) {
        refuse("no TZif file");
    }
    Header header{.version = reader.take(1).front()};
    reader.skip(15);
    for (std::uint32_t* count :
         {&header.ut_flags, &header.standard_flags, &header.leap_seconds, &header.transitions,
          &header.types, &header.characters}) {
        *count = reader.number<std::uint32_t>();
    }
    const auto fits = [&](std::uint32_t flags) { return flags == 0 || flags == header.types; };
    if (header.types == 0 || header.types > 256 || header.characters == 0 ||
        !fits(header.ut_flags) || !fits(header.standard_flags)) {
        refuse("counts that cannot be");
    }
    return header;
}

void check_flags(BytesView flags) {
    if (std::any_of(flags.begin(), flags.end(), [](char c) { return c != '\0' && c != '\1'; })) {
        refuse("a flag that is neither 0 nor 1");
    }
}

void read_transitions(ByteReader& reader, const Header& header, Zone& zone) {
    zone.transitions.resize(header.transitions);
    std::int64_t last = -kFarthest - 1;
    for (Transition& transition : zone.transitions) {
        transition.at = static_cast<std::int64_t>(reader.number<std::uint64_t>());
        if (transition.at <= last || transition.at > kFarthest) {
            refuse("transitions that are not in order");
        }
        last = transition.at;
    }
    for (Transition& transition : zone.transitions) {
        transition.type = reader.number<std::uint8_t>();
        if (transition.type >= header.types) {
            refuse("a transition to no type");
        }
    }
}

void read_types(ByteReader& reader, const Header& header, Zone& zone) {
    const BytesView types = reader.take(std::size_t{header.types} * 6);
    const BytesView names = reader.take(header.characters);
    for (std::size_t at = 0; at < types.size(); at += 6) {
        const auto offset =
            static_cast<std::int32_t>(read_int<std::uint32_t>(types, at, Endian::big));
        check_flags(types.substr(at + 4, 1));
        const auto name = static_cast<std::uint8_t>(types[at + 5]);
        const std::size_t end = names.find('\0', name);
        // -2^31 has no opposite, so the RFC forbids it.
        if (end == BytesView::npos || offset == INT32_MIN) {
            refuse("a type without a name or with an impossible offset");
        }
        zone.types.push_back(
            {.offset = offset,
             .daylight_saving = types[at + 4] != '\0',
             .abbreviation = std::string(names.substr(name, end - name))});
    }
}

Zone read_zone(BytesView file) {
    if (file.size() > kLargestFile) {
        refuse("larger than a time zone");
    }
    ByteReader reader(file, Endian::big);
    const Header first = read_header(reader);
    if (first.version < '2' || first.version > '4') {
        refuse("a version that is not known");
    }
    reader.skip(first.size(sizeof(std::uint32_t)));
    const Header header = read_header(reader);
    if (header.version != first.version || header.size(sizeof(std::uint64_t)) > file.size()) {
        refuse("two headers that do not fit");
    }
    Zone zone{.version = header.version};
    read_transitions(reader, header, zone);
    read_types(reader, header, zone);
    zone.leap_seconds = header.leap_seconds;
    zone.leap_table = reader.take(std::size_t{header.leap_seconds} * 12);
    check_flags(reader.take(header.standard_flags));
    check_flags(reader.take(header.ut_flags));
    zone.footer = reader.take(reader.remaining());
    if (zone.footer.size() < 2 || zone.footer.front() != '\n' ||
        zone.footer.find('\n', 1) != zone.footer.size() - 1) {
        refuse("no line at the end");
    }
    return zone;
}

/// Each type once. Transitions that change nothing go, also those to the type that held before all;
/// but where no TZ string follows, the last one says how far the file knows anything.
void merge(Zone& zone) {
    std::vector<std::uint8_t> first_like(zone.types.size());
    for (std::size_t i = 0; i < zone.types.size(); ++i) {
        first_like[i] = static_cast<std::uint8_t>(
            std::find(zone.types.begin(), zone.types.end(), zone.types[i]) - zone.types.begin());
    }
    const bool is_limited = zone.footer == "\n\n";
    const std::int64_t end =
        is_limited && !zone.transitions.empty() ? zone.transitions.back().at : kFarthest + 1;
    std::uint8_t before = 0;
    std::erase_if(zone.transitions, [&](Transition& transition) {
        transition.type = first_like[transition.type];
        return std::exchange(before, transition.type) == transition.type && transition.at < end;
    });
}

/// The transitions at the end that the TZ string says too. The first stays: without any, the TZ
/// string would hold before it as well.
void drop_implied(Zone& zone) {
    const BytesView text = zone.footer.substr(1, zone.footer.size() - 2);
    if (text.empty() || zone.transitions.empty() || zone.leap_seconds > 0) {
        return;
    }
    const auto rules = TzString::parse(text, zone.version >= '3');
    const Transition& end = zone.transitions.back();
    if (!rules || rules->steady(end.at, end.at) != zone.types[end.type]) {
        refuse("a TZ string that is none, or that contradicts the last transition");
    }
    while (zone.transitions.size() > 1) {
        const Transition& last = zone.transitions.back();
        const Transition& before = zone.transitions[zone.transitions.size() - 2];
        if (rules->steady(before.at, last.at) != zone.types[before.type]) {
            return;
        }
        zone.transitions.pop_back();
    }
}

/// Types that nothing uses go; the others stay in their order.
void drop_unused_types(Zone& zone) {
    std::vector<bool> used(zone.types.size());
    used[0] = true;
    for (const Transition& transition : zone.transitions) {
        used[transition.type] = true;
    }
    std::vector<std::uint8_t> number(zone.types.size());
    std::vector<LocalTime> types;
    for (std::size_t i = 0; i < zone.types.size(); ++i) {
        number[i] = static_cast<std::uint8_t>(types.size());
        if (used[i]) {
            types.push_back(std::move(zone.types[i]));
        }
    }
    zone.types = std::move(types);
    for (Transition& transition : zone.transitions) {
        transition.type = number[transition.type];
    }
}

void write_header(Bytes& out, const Header& header) {
    out += kMagic;
    out.push_back(header.version);
    out.append(15, '\0');
    for (const std::uint32_t count :
         {header.ut_flags, header.standard_flags, header.leap_seconds, header.transitions,
          header.types, header.characters}) {
        append_int(out, count, Endian::big);
    }
}

Bytes write_zone(const Zone& zone) {
    Bytes names;
    Bytes types;
    for (const LocalTime& type : zone.types) {
        const Bytes name = type.abbreviation + '\0';
        std::size_t at = names.find(name);
        if (at == Bytes::npos) {
            at = names.size();
            names += name;
        }
        if (at > UINT8_MAX) {
            refuse("more names than a block can hold");
        }
        append_int(types, static_cast<std::uint32_t>(type.offset), Endian::big);
        types.push_back(type.daylight_saving ? '\1' : '\0');
        types.push_back(static_cast<char>(at));
    }
    Bytes out;
    write_header(out, {.version = zone.version, .types = 1, .characters = 1});
    // Universal time under the name "".
    out.append(7, '\0');
    write_header(
        out, {.version = zone.version,
              .leap_seconds = zone.leap_seconds,
              .transitions = static_cast<std::uint32_t>(zone.transitions.size()),
              .types = static_cast<std::uint32_t>(zone.types.size()),
              .characters = static_cast<std::uint32_t>(names.size())});
    for (const Transition& transition : zone.transitions) {
        append_int(out, static_cast<std::uint64_t>(transition.at), Endian::big);
    }
    for (const Transition& transition : zone.transitions) {
        append_int(out, transition.type, Endian::big);
    }
    out += types;
    out += names;
    out += zone.leap_table;
    out += zone.footer;
    return out;
}

} // namespace

std::optional<Bytes> slim_tzif(BytesView file) {
    try {
        Zone zone = read_zone(file);
        merge(zone);
        drop_implied(zone);
        drop_unused_types(zone);
        Bytes slim = write_zone(zone);
        return slim.size() < file.size() ? std::optional(std::move(slim)) : std::nullopt;
    } catch (const Error&) {
        return std::nullopt;
    }
}

} // namespace pare::finish
