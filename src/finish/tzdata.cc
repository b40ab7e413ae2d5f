// SPDX-License-Identifier: Apache-2.0
// `zoneinfo: slim`: the time zones of Debian's tzdata, which are in the fat form of zic(8), in the
// slim one (tzif.hh). Not without being asked, because slim files have nothing for programs that
// read version 1 of the format: python3-tz and python3-dateutil take every time for UTC then, and
// say nothing. An image that holds one of them is refused.
//
// The files stand in the packages' place: a glob of `makes` would not tell which of them are
// wanted. Left alone are zones that a definition moves elsewhere; symlinks; tables and rules, which
// are no TZif; and the zone that `posixrules` leads to, which glibc reads for TZ strings without
// rules, flags included.
#include "finish/parts.hh"
#include "finish/table.hh"
#include "finish/tzif.hh"
#include "support/error.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <utility>

namespace pare::finish {

namespace {

constexpr std::string_view kName = "tzdata";

/// Modules that read only version 1, by the end of their path.
constexpr std::array<std::string_view, 2> kOldReaders = {"/pytz/tzfile.py", "/dateutil/tz/tz.py"};

bool is_slim(const Context& context) {
    return context.step.zoneinfo == definition::ZoneFiles::slim;
}

/// Whether that node is a zone file at its own place.
bool is_packaged(const Context& context, const tree::Node& node) {
    const tree::Origin& origin = context.tree.origins()[node.origin];
    const auto& requests = context.step.packages;
    return origin.kind == tree::OriginKind::package &&
           (origin.name == "tzdata" || origin.name == "tzdata-legacy") &&
           context.touched(node.entry.path) &&
           std::none_of(requests.begin(), requests.end(), [&](const auto& request) {
               return request.name == origin.name && (request.strip > 0 || !request.to.empty());
           });
}

/// The files of this step, each with all its names: its own and those of hard links.
std::map<ImagePath, std::vector<const tree::Entry*>> files_of(const Context& context) {
    std::map<ImagePath, std::vector<const tree::Entry*>> files;
    for (const auto& [path, node] : context.tree.within(zoneinfo_directory())) {
        const bool has_content = node.entry.type == tree::EntryType::file ||
                                 node.entry.type == tree::EntryType::hard_link;
        const tree::Node* file = has_content ? file_at(context.tree, path) : nullptr;
        if (file != nullptr && is_packaged(context, node) && is_packaged(context, *file)) {
            files[file->entry.path].push_back(&node.entry);
        }
    }
    return files;
}

std::vector<Generated> make_slim(const Context& context) {
    std::vector<Generated> made;
    const tree::Node* posix_rules = file_at(context.tree, zoneinfo_directory() / "posixrules");
    for (const auto& [path, names] : files_of(context)) {
        const tree::Node* file = context.tree.find(path);
        if (file == nullptr || file == posix_rules) {
            continue;
        }
        std::optional<Bytes> slim = slim_tzif(context.content(path).value_or(Bytes()));
        if (!slim) {
            continue;
        }
        // In a layer the file comes before the links to it, and entries come by path.
        tree::Entry first = file->entry;
        first.path = names.front()->path;
        first.size = slim->size();
        tree::Entry link = first;
        made.push_back({.entry = std::move(first), .content = *std::move(slim)});
        link.type = tree::EntryType::hard_link;
        link.size = 0;
        link.link = names.front()->path.relative();
        for (const tree::Entry* name : std::span(names).subspan(1)) {
            link.path = name->path;
            made.push_back({.entry = link});
        }
    }
    return made;
}

/// Whether a step below made its zones slim.
bool is_slim_below(const Context& context) {
    const auto& origins = context.tree.origins();
    return std::any_of(origins.begin(), origins.end(), [](const tree::Origin& origin) {
        return origin.kind == tree::OriginKind::finisher && origin.name == kName;
    });
}

void refuse_old_readers(const Context& context) {
    for (const auto& each : context.tree.nodes()) {
        const ImagePath& path = each.first;
        const std::string text = path.absolute();
        const bool is_old =
            std::any_of(kOldReaders.begin(), kOldReaders.end(), [&](std::string_view end) {
                return text.ends_with(end);
            });
        // As its authors ship it, pytz has zones of its own beside it.
        if (is_old && !has_directory(context.tree, path.parent() / "zoneinfo")) {
            throw Error(
                ErrorKind::definition,
                fmt::format(
                    "{} cannot read the time zones that 'zoneinfo: slim' makes: it would take "
                    "every time for UTC",
                    text),
                "leave 'zoneinfo: slim' out of the definition that brings tzdata");
        }
    }
}

std::vector<Generated> run(const Context& context) {
    std::vector<Generated> made = is_slim(context) ? make_slim(context) : std::vector<Generated>();
    if (!made.empty() || is_slim_below(context)) {
        refuse_old_readers(context);
    } else if (is_slim(context) && !context.touched(zoneinfo_directory())) {
        throw Error(
            ErrorKind::definition,
            fmt::format(
                "{}: 'zoneinfo: slim' has nothing to change: no time zones come with it",
                context.step.name),
            "write it in the definition that has tzdata in contents.packages");
    }
    return made;
}

} // namespace

Finisher tzdata_finisher() {
    return {
        .name = kName,
        .replaces_script = "no script: the slim form of zic, when the definition asks for it",
        .run = run};
}

} // namespace pare::finish
