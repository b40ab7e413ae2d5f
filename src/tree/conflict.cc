// SPDX-License-Identifier: Apache-2.0
// Whose file it is when two packages bring one path: the rules of dpkg (Debian policy 7.6,
// "Overwriting files and replacing packages"; 10.1 and appendix G, diversions) without its
// database. What dpkg would refuse to unpack is refused here too.
#include "tree/conflict.hh"

#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace pare::tree {

namespace {

/// Preinst scripts that move a file of another package away with dpkg-divert, to put their own in
/// its place. The moved copy is not kept: nothing in an image calls it by its new name.
struct Diversion {
    std::string_view by;
    std::string_view of;
    std::string_view paths; ///< glob
};

constexpr std::array<Diversion, 2> kDiversions = {{
    {"zutils", "gzip", "usr/bin/z*"},
    {"zutils", "gzip", "usr/share/man/man1/z*.1.gz"},
}};

bool diverts(const Origin& by, const Origin& of, const ImagePath& path) {
    return std::any_of(kDiversions.begin(), kDiversions.end(), [&](const Diversion& diversion) {
        return diversion.by == by.name && diversion.of == of.name &&
               glob_matches(diversion.paths, path.relative());
    });
}

bool may_take_over(const Origin& taker, const Origin& owner) {
    return std::find(taker.replaces.begin(), taker.replaces.end(), owner.name) !=
           taker.replaces.end();
}

} // namespace

bool is_distributed(const Origin& origin) {
    return origin.kind == OriginKind::package || origin.kind == OriginKind::archive;
}

std::string describe(const Origin& origin) {
    switch (origin.kind) {
    case OriginKind::package:
        return fmt::format("package '{}'", origin.name);
    case OriginKind::archive:
        return fmt::format("archive '{}'", origin.name);
    case OriginKind::finisher:
        return fmt::format("finisher '{}'", origin.name);
    case OriginKind::user:
        return fmt::format("the files of {}", origin.name);
    case OriginKind::base:
        return fmt::format("the image {}", origin.name);
    }
    return origin.name;
}

void refuse_conflict(
    const ImagePath& path, const Origin& earlier, const Origin& later, const std::string& why) {
    const Origin& movable = is_distributed(later) ? later : earlier;
    std::string hint = "put one of them at another path";
    if (movable.kind == OriginKind::package) {
        hint = fmt::format(
            "leave one out ('!{}' in contents.packages), or take only a part of it with 'include:'",
            movable.name);
    } else if (movable.kind == OriginKind::archive) {
        hint = "take only a part of the archive with 'include:', or put it elsewhere with 'to:'";
    }
    throw Error(
        ErrorKind::definition,
        fmt::format(
            "{} and {} cannot both have {}: {}", describe(earlier), describe(later),
            path.absolute(), why),
        std::move(hint));
}

Verdict judge(const ImagePath& path, const Origin& earlier, const Origin& later, bool identical) {
    if (identical) {
        return Verdict::keep_earlier;
    }
    if (!is_distributed(later)) {
        return Verdict::take_later;
    }
    if (earlier.kind != OriginKind::user && earlier.name == later.name) {
        // More slices of a package that is there already: its list of files grew. Or a step asks
        // for the package's own files where a finisher of that name made others below.
        return Verdict::take_later;
    }
    if (earlier.kind == OriginKind::finisher || earlier.kind == OriginKind::user) {
        return Verdict::keep_earlier;
    }
    if (earlier.kind == OriginKind::base || may_take_over(later, earlier) ||
        diverts(later, earlier, path)) {
        return Verdict::take_later;
    }
    if (may_take_over(earlier, later) || diverts(earlier, later, path)) {
        return Verdict::keep_earlier;
    }
    return Verdict::conflict;
}

} // namespace pare::tree
