// SPDX-License-Identifier: Apache-2.0
// What the postinst of base-files makes that programs in a container count on: /var/run is /run and
// /var/lock is /run/lock. Left out on purpose: login files (/etc/profile, /root/.bashrc, motd),
// logs of logins, empty mount points (/mnt, /srv, /opt, /media) and the tree below /usr/local.
//
// Nothing but /tmp is writable for all: the package ships /var/lock and /var/tmp as 1777. /run/lock
// is root's here, and /var/tmp leads to /tmp, so that programs that insist on it still work.
#include "finish/parts.hh"
#include "finish/table.hh"

#include <array>

namespace pare::finish {

namespace {

constexpr std::array<PackagePattern, 4> kMakes = {{
    // A script for a login shell, which no image has.
    {"base-files", "etc/update-motd.d/**"},
    {"base-files", "var/run"},
    {"base-files", "var/lock"},
    {"base-files", "var/tmp"},
}};

std::vector<Generated> run(const Context& context) {
    std::vector<Generated> made;
    const auto missing = [&](const char* path) {
        return context.tree.find(ImagePath::parse(path)) == nullptr;
    };
    const auto link = [&](const char* path, const char* target) {
        if (missing(path)) {
            made.push_back(make_symlink(context, ImagePath::parse(path), target));
        }
    };
    const bool below_var = has_directory(context.tree, ImagePath::parse("var"));
    if (below_var && has_directory(context.tree, ImagePath::parse("run"))) {
        if (missing("run/lock")) {
            made.push_back(make_directory(context, ImagePath::parse("run/lock")));
        }
        link("var/run", "/run");
        link("var/lock", "/run/lock");
    }
    if (below_var && has_directory(context.tree, ImagePath::parse("tmp"))) {
        link("var/tmp", "../tmp");
    }
    return made;
}

} // namespace

Finisher base_files_finisher() {
    return {
        .name = "base-files",
        .replaces_script = "base-files.postinst: /var/run and /var/lock lead to /run",
        .makes = kMakes,
        .run = run};
}

} // namespace pare::finish
