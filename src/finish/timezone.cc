// SPDX-License-Identifier: Apache-2.0
// `timezone`: /etc/localtime leads to that zone of tzdata, and /etc/timezone names it, as tzdata's
// postinst leaves them. A zone that the image does not have is an error: programs take UTC for a
// link that leads nowhere, and say nothing.
#include "finish/parts.hh"
#include "finish/table.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace pare::finish {

namespace {

/// What lies beside the zones and is none, besides tables with a '.' in their names.
constexpr std::array<std::string_view, 3> kOther = {"leapseconds", "localtime", "posixrules"};

bool is_zone(std::string_view name) {
    return name.find('.') == std::string_view::npos &&
           std::find(kOther.begin(), kOther.end(), name) == kOther.end();
}

std::vector<std::string> zones_of(const tree::Tree& tree) {
    std::vector<std::string> zones;
    const std::size_t skipped = zoneinfo_directory().relative().size() + 1;
    for (const auto& [path, node] : tree.within(zoneinfo_directory())) {
        if (path == zoneinfo_directory() || file_at(tree, path) == nullptr) {
            continue;
        }
        std::string name = path.relative().substr(skipped);
        // All of them once more, with leap seconds and without.
        const bool is_again = name.starts_with("right/") || name.starts_with("posix/");
        if (is_zone(name) && !is_again) {
            zones.push_back(std::move(name));
        }
    }
    return zones;
}

/// The zone that was meant: one that is spelled nearly so, or the one of that city.
std::optional<std::string>
zone_like(const std::string& wanted, const std::vector<std::string>& zones) {
    const auto of_city = std::find_if(zones.begin(), zones.end(), [&](const std::string& zone) {
        return zone.ends_with("/" + wanted.substr(wanted.rfind('/') + 1));
    });
    return of_city == zones.end() ? nearest(wanted, zones) : std::optional(*of_city);
}

[[noreturn]] void no_zone(const Context& context, const std::string& wanted) {
    const std::vector<std::string> zones = zones_of(context.tree);
    std::string hint = "add tzdata to contents.packages";
    if (const auto near = zone_like(wanted, zones)) {
        hint = fmt::format("did you mean '{}'?", *near);
    } else if (!zones.empty()) {
        hint = "zones have names like Europe/Berlin; from debian:13 on the old ones, like "
               "US/Eastern, are in the package tzdata-legacy";
    }
    throw Error(
        ErrorKind::definition,
        fmt::format(
            "{}: 'timezone': the image has no {}", context.step.name,
            zones.empty() ? "time zones" : fmt::format("time zone '{}'", wanted)),
        std::move(hint));
}

std::vector<Generated> run(const Context& context) {
    if (!context.step.timezone) {
        return {};
    }
    const std::string& name = *context.step.timezone;
    const ImagePath zone = zoneinfo_directory() / name;
    if (!is_zone(name) || file_at(context.tree, zone) == nullptr) {
        no_zone(context, name);
    }
    std::vector<Generated> made;
    const ImagePath local = ImagePath::parse("etc/localtime");
    if (!is_of_user(context, local)) {
        made.push_back(make_symlink(context, local, zone.absolute()));
    }
    const ImagePath named = ImagePath::parse("etc/timezone");
    if (!is_of_user(context, named)) {
        made.push_back(make_file(context, named, name + "\n"));
    }
    return made;
}

} // namespace

Finisher timezone_finisher() {
    return {
        .name = "timezone",
        .replaces_script = "tzdata.postinst: /etc/localtime and /etc/timezone",
        .run = run};
}

} // namespace pare::finish
