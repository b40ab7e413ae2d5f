// SPDX-License-Identifier: Apache-2.0
// Problem: a quarter of Debian's packages depend on debconf, dpkg, adduser and their like only
// because their maintainer scripts call them. Followed blindly, tzdata alone brings perl.
// Format: two tables. A name of a package may hold `*`. What a program runs, reads or links is
// never in the first one; who uses such a tool after its installation is in the second one.
// Leaving out too little costs space, leaving out too much breaks a program: in doubt a dependency
// is not listed (and `!name` in a definition waives it).
#include "deb/script_dependencies.hh"

#include "support/text.hh"

#include <algorithm>
#include <array>

namespace pare::deb {

namespace {

using package::Alternatives;
using package::Package;
using package::Relation;

constexpr std::string_view kAnybody = "*";

struct ScriptDependency {
    std::string_view name;    ///< what is depended on
    std::string_view package; ///< who depends on it
    std::string_view why;
    std::string_view beside = {}; ///< only where this is another alternative of the same group
};

constexpr std::string_view kAsksQuestions = "asks the questions of maintainer scripts";
constexpr std::string_view kMakesAccounts =
    "makes accounts from maintainer scripts; accounts of an image are in its definition";
constexpr std::string_view kMakesSysusers =
    "makes the accounts of sysusers.d from maintainer scripts; accounts of an image are in its "
    "definition";
constexpr std::string_view kMakesTmpfiles =
    "makes the files of tmpfiles.d from maintainer scripts and when a system boots";
constexpr std::string_view kInitFunctions = "holds functions for init scripts";
constexpr std::string_view kRegistersDictionaries =
    "registers dictionaries from maintainer scripts; programs find them by their place";
constexpr std::string_view kRegistersCatalogs =
    "registers document types in a catalog from maintainer scripts";
constexpr std::string_view kRotatesLogs = "is run by cron or systemd, which an image has not";
constexpr std::string_view kListsShells = "lists the shell in /etc/shells from maintainer scripts";

constexpr std::array kScriptDependencies{
    ScriptDependency{"debconf", kAnybody, kAsksQuestions},
    ScriptDependency{"debconf-2.0", kAnybody, kAsksQuestions},
    ScriptDependency{"cdebconf", kAnybody, kAsksQuestions},
    ScriptDependency{"dpkg", kAnybody, "installs packages; its version matters to their scripts"},
    ScriptDependency{"install-info", kAnybody, "makes the menu of Info pages when it is installed"},
    ScriptDependency{"ucf", kAnybody, "puts configuration files in place from maintainer scripts"},
    ScriptDependency{"adduser", kAnybody, kMakesAccounts},
    ScriptDependency{"base-passwd", kAnybody, kMakesAccounts},
    ScriptDependency{"passwd", "caddy", kMakesAccounts},
    ScriptDependency{"passwd", "dnsmasq-base*", kMakesAccounts},
    ScriptDependency{"passwd", "openssh-client*", kMakesAccounts},
    ScriptDependency{"passwd", "softhsm2-common", kMakesAccounts},
    ScriptDependency{"passwd", "winbind", kMakesAccounts},
    ScriptDependency{"systemd-sysusers", kAnybody, kMakesSysusers},
    ScriptDependency{"systemd-standalone-sysusers", kAnybody, kMakesSysusers},
    ScriptDependency{"opensysusers", kAnybody, kMakesSysusers},
    ScriptDependency{"systemd", kAnybody, kMakesSysusers, "systemd-sysusers"},
    ScriptDependency{"systemd", kAnybody, kMakesSysusers, "systemd-standalone-sysusers"},
    ScriptDependency{"systemd-tmpfiles", kAnybody, kMakesTmpfiles},
    ScriptDependency{"systemd-standalone-tmpfiles", kAnybody, kMakesTmpfiles},
    ScriptDependency{"systemd", kAnybody, kMakesTmpfiles, "systemd-tmpfiles"},
    ScriptDependency{"systemd", kAnybody, kMakesTmpfiles, "systemd-standalone-tmpfiles"},
    ScriptDependency{"init-system-helpers", kAnybody, "registers services from maintainer scripts"},
    ScriptDependency{"runit-helper", kAnybody, "registers services from maintainer scripts"},
    ScriptDependency{"update-inetd", kAnybody, "registers services from maintainer scripts"},
    ScriptDependency{"sysvinit-utils", kAnybody, kInitFunctions},
    ScriptDependency{"lsb-base", kAnybody, kInitFunctions},
    ScriptDependency{"logrotate", kAnybody, kRotatesLogs},
    ScriptDependency{
        "ssl-cert", kAnybody, "makes a self-signed certificate from its maintainer script"},
    ScriptDependency{"awk", "base-files", "is there for maintainer scripts to rely on"},
    ScriptDependency{"openssl", "ca-certificates", "is run by update-ca-certificates alone"},
    ScriptDependency{
        "util-linux", "openjdk-*-jre-headless",
        "has the mountpoint(1) by which the maintainer script looks for /proc"},
    ScriptDependency{"debianutils", "bash*", kListsShells},
    ScriptDependency{"debianutils", "dash", kListsShells},
    ScriptDependency{"dictionaries-common", "hunspell-*", kRegistersDictionaries},
    ScriptDependency{"dictionaries-common", "myspell-*", kRegistersDictionaries},
    ScriptDependency{"dictionaries-common", "hyphen-*", kRegistersDictionaries},
    ScriptDependency{"dictionaries-common", "mythes-*", kRegistersDictionaries},
    ScriptDependency{"xml-core", "docutils-common", kRegistersCatalogs},
    ScriptDependency{"xml-core", "polkitd", kRegistersCatalogs},
    ScriptDependency{"sgml-base", "docutils-common", kRegistersCatalogs},
    ScriptDependency{"psmisc", "php-common", "is for the cron job that deletes old sessions"},
    ScriptDependency{"procps", "php*-fpm", "is for the init script"},
};

struct Need {
    std::string_view name;
    std::string_view package;
};

constexpr std::array kNeeds{
    Need{"debconf", "adequate"},
    Need{"debconf", "cdebconf*"},
    Need{"debconf", "debconf-*"},
    Need{"debconf", "*debconf"},
    Need{"debconf", "freedombox"},
    Need{"debconf", "tasksel"},
    Need{"cdebconf", "cdebconf-*"},
    Need{"cdebconf", "tasksel"},
    Need{"dpkg", "apt-build"},
    Need{"dpkg", "debhelper"},
    Need{"dpkg", "dpkg-*"},
    Need{"dpkg", "libdpkg-perl"},
    Need{"dpkg", "lintian"},
    Need{"dpkg", "needrestart"},
    Need{"dpkg", "popularity-contest"},
    Need{"adduser", "sysuser-helper"},
    Need{"adduser", "user-setup"},
    Need{"init-system-helpers", "init"},
    Need{"sysvinit-utils", "bootlogd"},
    Need{"sysvinit-utils", "initscripts"},
    Need{"sysvinit-utils", "schroot"},
    Need{"sysvinit-utils", "sysv*"},
    Need{"ssl-cert", "openstack-cluster-installer*"},
};

bool is_needed(const Package& package, const Relation& relation) {
    return std::ranges::any_of(kNeeds, [&](const Need& need) {
        return need.name == relation.name && glob_matches(need.package, package.name);
    });
}

bool has_alternative(const Alternatives& group, std::string_view name) {
    return std::ranges::any_of(
        group, [name](const Relation& relation) { return relation.name == name; });
}

/// The line of the table that lets `relation` be left out, or null.
const ScriptDependency*
find_line(const Package& package, const Alternatives& group, const Relation& relation) {
    const auto* const found =
        std::ranges::find_if(kScriptDependencies, [&](const ScriptDependency& line) {
            return line.name == relation.name &&
                   (line.package == kAnybody || glob_matches(line.package, package.name)) &&
                   (line.beside.empty() || has_alternative(group, line.beside));
        });
    return found == kScriptDependencies.end() || is_needed(package, relation) ? nullptr : found;
}

} // namespace

std::optional<std::string> script_only(const Package& package, const Alternatives& dependency) {
    std::optional<std::string> why;
    for (const Relation& relation : dependency) {
        const ScriptDependency* const line = find_line(package, dependency, relation);
        if (line == nullptr) {
            return std::nullopt;
        }
        if (!why) {
            why = line->why;
        }
    }
    return why;
}

} // namespace pare::deb
