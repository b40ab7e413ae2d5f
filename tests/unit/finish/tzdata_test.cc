// SPDX-License-Identifier: Apache-2.0
// The slim form of time zones. Whether it tells the same time is asked of zdump, Python and zic in
// tests/oracle/slim_zones_tell_the_same_time.sh.
#include "finish/tz_string.hh"
#include "finish/tzif.hh"
#include "fixture.hh"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

using pare::Bytes;
using pare::Endian;
using pare::Error;
using pare::finish::listing;
using pare::finish::LocalTime;
using pare::finish::made_at;
using pare::finish::slim_tzif;
using pare::finish::TestImage;
using pare::finish::TzString;

namespace {

struct Zone {
    std::vector<std::pair<std::int64_t, std::uint8_t>> transitions{};
    std::vector<LocalTime> types{};
    std::string footer{};
    char version = '2';
    std::vector<std::pair<std::int64_t, std::uint32_t>> leap_seconds{};
    bool flags = true;
};

void append_block(Bytes& out, const Zone& zone, bool wide) {
    Bytes names;
    Bytes types;
    for (const LocalTime& type : zone.types) {
        pare::append_int(types, static_cast<std::uint32_t>(type.offset), Endian::big);
        types += type.daylight_saving ? '\1' : '\0';
        types += static_cast<char>(names.size());
        names += type.abbreviation + '\0';
    }
    const std::size_t flags = zone.flags ? zone.types.size() : 0;
    out += std::string("TZif") + zone.version + std::string(15, '\0');
    for (const std::size_t count :
         {flags, flags, zone.leap_seconds.size(), zone.transitions.size(), zone.types.size(),
          names.size()}) {
        pare::append_int(out, static_cast<std::uint32_t>(count), Endian::big);
    }
    const auto append_time = [&](std::int64_t time) {
        if (wide) {
            pare::append_int(out, static_cast<std::uint64_t>(time), Endian::big);
        } else {
            pare::append_int(out, static_cast<std::uint32_t>(time), Endian::big);
        }
    };
    for (const auto& [time, type] : zone.transitions) {
        append_time(time);
    }
    for (const auto& [time, type] : zone.transitions) {
        out += static_cast<char>(type);
    }
    out += types + names;
    for (const auto& [time, correction] : zone.leap_seconds) {
        append_time(time);
        pare::append_int(out, correction, Endian::big);
    }
    out.append(2 * flags, '\0');
}

/// As `zic -b fat` writes it.
Bytes fat(const Zone& zone) {
    Bytes out;
    append_block(out, zone, false);
    append_block(out, zone, true);
    return out + '\n' + zone.footer + '\n';
}

/// As `zic -b slim` writes it.
Bytes slim(Zone zone) {
    zone.flags = false;
    const Zone nothing{.types = {{.abbreviation = ""}}, .version = zone.version, .flags = false};
    Bytes out;
    append_block(out, nothing, false);
    append_block(out, zone, true);
    return out + '\n' + zone.footer + '\n';
}

const LocalTime kLocalMean{.offset = 3208, .abbreviation = "LMT"};
const LocalTime kWinter{.offset = 3600, .abbreviation = "CET"};
const LocalTime kSummer{.offset = 7200, .daylight_saving = true, .abbreviation = "CEST"};

/// 25 March 2018, 28 October 2018, 31 March 2019, 27 October 2019; 1:00 UT.
constexpr std::int64_t kSpring2018 = 1521939600;
constexpr std::int64_t kAutumn2018 = 1540688400;
constexpr std::int64_t kSpring2019 = 1553994000;
constexpr std::int64_t kAutumn2019 = 1572138000;
constexpr std::int64_t kLongAgo = -2422054408;

Zone berlin() {
    return {
        .transitions =
            {{kLongAgo, 1}, {kSpring2018, 2}, {kAutumn2018, 3}, {kSpring2019, 2}, {kAutumn2019, 3}},
        .types = {kLocalMean, kWinter, kSummer, kWinter},
        .footer = "CET-1CEST,M3.5.0,M10.5.0/3"};
}

Zone berlin_slim() {
    return {
        .transitions = {{kLongAgo, 1}, {kSpring2018, 2}},
        .types = {kLocalMean, kWinter, kSummer},
        .footer = "CET-1CEST,M3.5.0,M10.5.0/3"};
}

std::optional<LocalTime>
steady(std::string_view text, std::int64_t from, std::int64_t until, bool extended = true) {
    const auto rules = TzString::parse(text, extended);
    return rules ? rules->steady(from, until) : std::nullopt;
}

bool parses(std::string_view text, bool extended = true) {
    return TzString::parse(text, extended).has_value();
}

} // namespace

TEST_CASE("what a TZ string says between two times") {
    constexpr std::string_view kBerlin = "CET-1CEST,M3.5.0,M10.5.0/3";
    CHECK(steady(kBerlin, kSpring2018, kAutumn2018) == kSummer);
    CHECK(steady(kBerlin, kAutumn2018, kSpring2019) == kWinter);
    CHECK(steady(kBerlin, kSpring2018 - 1, kSpring2018) == kWinter);
    CHECK_FALSE(steady(kBerlin, kSpring2018, kAutumn2018 + 1).has_value());
    CHECK(steady("UTC0", -1, 1) == LocalTime{.abbreviation = "UTC"});
    CHECK(steady("<-0330>+3:30", 0, 1LL << 40)->offset == -12600);
    // Two cycles of the calendar before and after.
    constexpr std::int64_t kCycle = 146097LL * 86400;
    for (const std::int64_t cycles : {-2, 2}) {
        CHECK(
            steady(kBerlin, kSpring2018 + cycles * kCycle, kAutumn2018 + cycles * kCycle) ==
            kSummer);
    }
    // The last Sunday of October of a year that begins before the epoch: 31 October 1965.
    CHECK(steady(kBerlin, -131583600, -131583599) == kWinter);
    CHECK(steady(kBerlin, -131583601, -131583600) == kSummer);
}

TEST_CASE("days of a TZ string can be counted with 29 February or without") {
    // 1 March 2020, 0:00 UT: day 60 from 0, and day 60 from 1 without 29 February.
    constexpr std::int64_t kMarch = 1583020800;
    for (const char* text :
         {"AAA0BBB,60/0,300/0", "AAA0BBB,J60/0,J300/0", "AAA0BBB,M3.1.0/0,M9.1.0"}) {
        CHECK(steady(text, kMarch - 1, kMarch)->abbreviation == "AAA");
        CHECK(steady(text, kMarch, kMarch + 1)->abbreviation == "BBB");
    }
    CHECK(steady("AAA0BBB,J59/24,J300", kMarch - 86400, kMarch)->abbreviation == "BBB");
    // From Thursday to Sunday 2:00, written as 26 hours and as 74.
    CHECK(steady("IST-2IDT,M3.4.4/26,M10.5.0", 1585267200, 1585267200)->abbreviation == "IDT");
    CHECK(steady("IST-2IDT,M3.4.4/26,M10.5.0", 1585267199, 1585267200)->abbreviation == "IST");
    CHECK(steady("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1711846799, 1711846800)->offset == -7200);
    CHECK(steady("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 1711846800, 1711846801)->offset == -3600);
}

TEST_CASE("daylight saving time all year, and rules without a certain answer") {
    CHECK(steady("XXX3EDT4,0/0,J365/23", kSpring2018, kAutumn2018)->abbreviation == "EDT");
    CHECK_FALSE(steady("AAA0BBB,J10/0,J10/0", kSpring2018, kAutumn2018 + 86400 * 300).has_value());
    // The end of one summer falls behind the beginning of the next.
    CHECK_FALSE(steady("AAA0BBB,0/0,J365/167", kSpring2018, kAutumn2018).has_value());
}

TEST_CASE("texts that are no TZ strings") {
    for (const char* text :
         {"",
          "A0",
          "AB0",
          "ABC",
          "ABC25",
          "ABC0:60",
          "ABC0DEF",
          "ABC0DEF,M3.5.0",
          "<AB>0",
          "<ABC0",
          "ABC0DEF,M13.1.0,M10.5.0",
          "ABC0DEF,M3.6.0,M10.5.0",
          "ABC0DEF,M3.5.7,M10.5.0",
          "ABC0DEF,J0,J1",
          "ABC0DEF,366,1",
          "ABC0DEF,M3.5.0/168,M10.5.0",
          "ABC0DEF,J1,J2,J3",
          "ABC0 ",
          "ABC0D1F,J1,J2",
          ":Europe/Berlin",
          "ABC0DEF,M3.5,M10.5.0",
          "ABC+-1"}) {
        INFO(text);
        CHECK_FALSE(parses(text));
    }
    CHECK(parses("ABC0DEF,M3.5.0/167,M10.5.0/-167"));
    CHECK_FALSE(parses("ABC0DEF,M3.5.0/25,M10.5.0", false));
    CHECK_FALSE(parses("ABC0DEF,M3.5.0/-1,M10.5.0", false));
    CHECK_FALSE(parses("<" + std::string(40, 'A') + ">0"));
}

TEST_CASE("a zone loses what it says twice, and nothing else") {
    CHECK(slim_tzif(fat(berlin())) == slim(berlin_slim()));
    CHECK_FALSE(slim_tzif(slim(berlin_slim())).has_value());
    // A transition that changes nothing, as for Qt's bug 53071.
    Zone zone = berlin();
    zone.transitions.emplace_back(2147483647, std::uint8_t{1});
    zone.footer = "CET-1";
    const auto changed = slim_tzif(fat(zone));
    REQUIRE(changed.has_value());
    Zone wanted = berlin();
    wanted.transitions.back().second = 1;
    wanted.transitions[2].second = 1;
    wanted.types.pop_back();
    wanted.footer = "CET-1";
    CHECK(*changed == slim(wanted));
    // The first transition tells that there was another time before it.
    const Zone fixed{
        .transitions = {{kLongAgo, 1}}, .types = {kLocalMean, kWinter}, .footer = "CET-1"};
    CHECK(slim_tzif(fat(fixed)) == slim(fixed));
    const Zone utc{.types = {{.abbreviation = "UTC"}}, .footer = "UTC0"};
    CHECK(slim_tzif(fat(utc)) == slim(utc));
}

TEST_CASE("names that end alike share their letters, and unused ones go") {
    const Zone zone{
        .transitions = {{0, 1}, {1000, 3}},
        .types =
            {{.offset = 60, .abbreviation = "XABC"},
             {.offset = 120, .abbreviation = "ABC"},
             {.offset = 180, .abbreviation = "GONE"},
             {.offset = 240, .abbreviation = "DEF"}},
        .footer = "DEF-0:04"};
    const auto changed = slim_tzif(fat(zone));
    REQUIRE(changed.has_value());
    CHECK(changed->find(std::string("XABC\0DEF\0", 9)) != Bytes::npos);
    CHECK(changed->find("GONE") == Bytes::npos);
}

TEST_CASE("leap seconds keep their table and all transitions") {
    Zone zone = berlin();
    zone.leap_seconds = {{78796800, 1}, {94694401, 2}};
    Zone wanted = berlin();
    wanted.leap_seconds = zone.leap_seconds;
    wanted.types.pop_back();
    wanted.transitions[2].second = wanted.transitions[4].second = 1;
    CHECK(slim_tzif(fat(zone)) == slim(wanted));
    // Without a TZ string the last transition says how far the table is known.
    zone.footer = wanted.footer = "";
    zone.transitions.emplace_back(1814140827, std::uint8_t{1});
    wanted.transitions.emplace_back(1814140827, std::uint8_t{1});
    CHECK(slim_tzif(fat(zone)) == slim(wanted));
}

TEST_CASE("what is not TZif as RFC 9636 says is not touched") {
    const auto unchanged = [](const Zone& zone) { return !slim_tzif(fat(zone)).has_value(); };
    CHECK_FALSE(slim_tzif("").has_value());
    CHECK_FALSE(slim_tzif("# tzdb timezone descriptions\n").has_value());
    const Bytes good = fat(berlin());
    for (std::size_t size = 0; size < good.size(); ++size) {
        REQUIRE_FALSE(slim_tzif(good.substr(0, size)).has_value());
    }
    CHECK_FALSE(slim_tzif(good + "x").has_value());
    CHECK_FALSE(slim_tzif(good + "\n").has_value());
    for (const char version : {'\0', '1', '5'}) {
        Zone zone = berlin();
        zone.version = version;
        CHECK(unchanged(zone));
    }
    Zone zone = berlin();
    std::swap(zone.transitions[1], zone.transitions[2]);
    CHECK(unchanged(zone));
    zone = berlin();
    zone.transitions[1].second = 4;
    CHECK(unchanged(zone));
    zone = berlin();
    zone.types[1].offset = INT32_MIN;
    CHECK(unchanged(zone));
    for (const char* footer : {"CET-2CEST,M3.5.0,M10.5.0/3", "EET-1", "CET", "CET-1CEST"}) {
        zone = berlin();
        zone.footer = footer;
        CHECK(unchanged(zone));
    }
}

TEST_CASE("zones become slim when the definition asks for it, links stay links") {
    TestImage image;
    image.start_package("tzdata");
    const Bytes file = fat(berlin());
    image.add_file("usr/share/zoneinfo/Europe/Berlin", file);
    image.add_hard_link(
        "usr/share/zoneinfo/Arctic/Longyearbyen", "usr/share/zoneinfo/Europe/Berlin");
    image.add_hard_link("usr/share/zoneinfo/Europe/Oslo", "usr/share/zoneinfo/Europe/Berlin");
    image.add_symlink("usr/share/zoneinfo/Europe/Jersey", "Berlin");
    image.add_file("usr/share/zoneinfo/America/New_York", file);
    image.add_symlink("usr/share/zoneinfo/posixrules", "America/New_York");
    image.add_file("usr/share/zoneinfo/zone.tab", "# tab\n");
    image.add_user_file("usr/share/zoneinfo/Mine", file);
    CHECK(image.finish("tzdata").empty());
    image.step.zoneinfo = pare::definition::ZoneFiles::slim;
    const auto made = image.finish("tzdata");
    // The first name has the content: it comes before the others in a layer.
    CHECK(
        listing(made) == "usr/share/zoneinfo/Arctic/Longyearbyen 0644 0:0\n"
                         "usr/share/zoneinfo/Europe/Berlin 0644 0:0\n"
                         "usr/share/zoneinfo/Europe/Oslo 0644 0:0\n");
    CHECK(made.front().content == slim(berlin_slim()));
    CHECK(made.front().entry.type == pare::tree::EntryType::file);
    for (const char* link :
         {"usr/share/zoneinfo/Europe/Berlin", "usr/share/zoneinfo/Europe/Oslo"}) {
        CHECK(made_at(made, link)->entry.type == pare::tree::EntryType::hard_link);
        CHECK(made_at(made, link)->entry.link == "usr/share/zoneinfo/Arctic/Longyearbyen");
    }
    image.start_child_step();
    CHECK(image.finish("tzdata").empty());
}

TEST_CASE("zones that a definition moves are left alone") {
    TestImage image;
    image.start_package("tzdata-legacy");
    image.add_file("usr/share/zoneinfo/Berlin", fat(berlin()));
    image.step.zoneinfo = pare::definition::ZoneFiles::slim;
    image.step.packages.push_back(
        {.name = "tzdata-legacy", .strip = 4, .to = "/usr/share/zoneinfo"});
    CHECK(image.finish("tzdata").empty());
    image.step.packages.clear();
    CHECK(image.finish("tzdata").size() == 1);
}

TEST_CASE("programs that read only version 1 and slim zones do not go together") {
    TestImage image;
    image.start_package("tzdata");
    image.add_file("usr/share/zoneinfo/Europe/Berlin", fat(berlin()));
    image.step.zoneinfo = pare::definition::ZoneFiles::slim;
    // As pip installs it, with zones of its own.
    image.add_file("venv/pytz/tzfile.py", "x");
    image.add_file("venv/pytz/zoneinfo/UTC", "x");
    CHECK(image.finish("tzdata").size() == 1);
    image.start_child_step();
    CHECK(image.finish("tzdata").empty());
    image.add_file("usr/lib/python3/dist-packages/dateutil/tz/tz.py", "x");
    CHECK_THROWS_WITH_AS(
        image.finish("tzdata"), doctest::Contains("dateutil/tz/tz.py cannot read"), Error);
}

TEST_CASE("slim zones that no step brings are an error") {
    TestImage image;
    image.step.name = "server.yaml";
    image.step.zoneinfo = pare::definition::ZoneFiles::slim;
    CHECK_THROWS_WITH_AS(image.finish("tzdata"), doctest::Contains("nothing to change"), Error);
    image.step.zoneinfo = pare::definition::ZoneFiles::fat;
    CHECK(image.finish("tzdata").empty());
}
