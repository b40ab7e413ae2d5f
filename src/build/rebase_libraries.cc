// SPDX-License-Identifier: Apache-2.0
// Problem: a program that started on the old base must start on the new one. What ELF files of the
// image need (interpreter, libraries by name, versions of symbols) is searched for as the loader
// does it, once on each base; only what got worse is a reason to refuse. The search is made twice:
// by the loader's own rules, and in every directory, because programs know of places that the
// loader does not (a virtual machine's own libraries, plugins).
#include "build/rebase_checks.hh"
#include "deb/universe.hh"
#include "elf/machine.hh"
#include "finish/ld_cache.hh"
#include "support/text.hh"
#include "tree/tree.hh"
#include "wrap/closure.hh"

#include <fmt/core.h>

#include <array>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace pare::build {

namespace {

/// What one process cannot load together with another machine's.
struct Machine {
    std::uint16_t number = 0;
    bool is64 = true;
    Endian endian = Endian::little;

    auto operator<=>(const Machine&) const = default;
};

Machine machine_of(const elf::Elf& elf) {
    return {.number = elf.machine, .is64 = elf.is64, .endian = elf.endian};
}

std::string debian_name(const oci::Platform& platform) {
    try {
        return deb::debian_architecture(
            platform.architecture + (oci::plain_variant(platform).empty() ? "" : "/") +
            oci::plain_variant(platform));
    } catch (const Error&) {
        return ""; // no machine of Debian's: the default directories are those of others
    }
}

/// Of the image's platform, or of another machine whose programs it also holds.
std::string triplet_of(const Machine& machine, const oci::Platform& platform) {
    constexpr std::array<std::string_view, 8> kOthers = {"amd64",   "i386",    "arm64", "armhf",
                                                         "ppc64el", "riscv64", "s390x", "loong64"};
    const std::string own = debian_name(platform);
    if (elf::machine_number(own) == machine.number) {
        return deb::multiarch_triplet(own);
    }
    for (const std::string_view other : kOthers) {
        if (elf::machine_number(other) == machine.number) {
            return deb::multiarch_triplet(other);
        }
    }
    return "unknown";
}

/// The image as the loader of that machine sees it: libraries of others are passed over.
wrap::Offer offer_of(const inspect::Filesystem& files, const Machine& machine) {
    wrap::Offer offer;
    for (const auto& [path, placed] : files.entries()) {
        const inspect::Entry& entry = *placed.entry;
        const bool is_library = entry.elf && machine_of(*entry.elf) == machine;
        const auto merged = tree::usr_merged(path);
        if (!merged || (!is_library && !entry.is_symlink())) {
            continue;
        }
        wrap::Offered offered{.size = entry.size};
        if (is_library) {
            offered.elf = *entry.elf;
        } else {
            offered.link = tree::usr_merged_link(path, *merged, entry.link);
        }
        offer.try_emplace(*merged, std::move(offered));
    }
    return offer;
}

std::map<std::string, std::string> cache_of(const inspect::Filesystem& files) {
    std::map<std::string, std::string> cache;
    const inspect::Entry* entry = files.resolve("/etc/ld.so.cache");
    if (entry == nullptr || !entry->contents) {
        return cache;
    }
    try {
        for (finish::LdCacheEntry& each : finish::parse_ld_cache(*entry->contents)) {
            cache.emplace(std::move(each.soname), std::move(each.path));
        }
    } catch (const Error&) {
        cache.clear(); // the loader does not read it either
    }
    return cache;
}

std::vector<std::string> library_path_of(const oci::RunConfig& config) {
    constexpr std::string_view kName = "LD_LIBRARY_PATH=";
    std::vector<std::string> directories;
    for (const std::string& variable : config.env) {
        if (!variable.starts_with(kName)) {
            continue;
        }
        directories.clear();
        for (const std::string_view part :
             split(std::string_view(variable).substr(kName.size()), ':')) {
            if (part.starts_with('/')) {
                directories.emplace_back(part);
            }
        }
    }
    return directories;
}

/// A need that nothing meets, in words that are the same on both bases.
struct Unmet {
    std::string library{};
    std::string version{}; ///< empty: the library is missing
    std::string by{};      ///< soname or path of who needs it

    auto operator<=>(const Unmet&) const = default;
};

/// How it is told.
struct Told {
    std::string root{}; ///< the image's own file that began it
    std::string by{};   ///< the path of who needs it
};

using Needs = std::map<Unmet, Told>;

class Search {
public:
    Search(const Side& side, const Machine& machine, const oci::Platform& platform)
        : offer_(offer_of(side.files, machine)), path_{
                                                     .triplet = triplet_of(machine, platform),
                                                     .directories = library_path_of(side.config),
                                                     .cache = cache_of(side.files)} {}

    /// What is missing for these files, found by the loader's rules alone or everywhere.
    [[nodiscard]] Needs unmet(const std::vector<ImagePath>& roots, bool everywhere) {
        path_.everywhere = everywhere;
        const std::vector<wrap::Closure> closures = wrap::find_closures(offer_, roots, path_);
        Needs needs;
        for (std::size_t i = 0; i < roots.size(); ++i) {
            const std::string root = roots[i].absolute();
            for (const wrap::Missing& missing : closures[i].missing) {
                needs.try_emplace(
                    Unmet{missing.library, "", name_of(missing.by)},
                    Told{root, missing.by.absolute()});
            }
            for (const wrap::MissingVersion& missing : closures[i].missing_versions) {
                needs.try_emplace(
                    Unmet{name_of(missing.library), missing.version, name_of(missing.by)},
                    Told{root, missing.by.absolute()});
            }
        }
        return needs;
    }

private:
    /// The file of a library is called otherwise with each version, its soname is not.
    [[nodiscard]] std::string name_of(const ImagePath& path) const {
        const std::string& soname = offer_.at(path).elf.soname;
        return soname.empty() ? path.absolute() : soname;
    }

    wrap::Offer offer_;
    wrap::SearchPath path_;
};

std::string describe(const Unmet& unmet, const Told& told) {
    const std::string chain =
        told.by == told.root ? "" : fmt::format(" (which {} needs)", told.root);
    return unmet.version.empty()
               ? fmt::format("{}{} needs {}", told.by, chain, unmet.library)
               : fmt::format("{}{} needs {} of {}", told.by, chain, unmet.version, unmet.library);
}

/// The image's own ELF files, by machine, where they stand in an offer.
std::map<Machine, std::vector<ImagePath>> roots_of(const Side& side) {
    std::map<Machine, std::vector<ImagePath>> roots;
    for (const auto& [path, placed] : side.files.entries()) {
        const auto merged = tree::usr_merged(path);
        if (merged && placed.layer >= side.base_layers && placed.entry->elf) {
            roots[machine_of(*placed.entry->elf)].push_back(*merged);
        }
    }
    return roots;
}

/// Names under which programs might open libraries themselves.
std::set<std::string> sonames_of(const inspect::Filesystem& files) {
    std::set<std::string> names;
    for (const auto& [path, placed] : files.entries()) {
        if (placed.entry->elf && !placed.entry->elf->soname.empty()) {
            names.insert(placed.entry->elf->soname);
        }
    }
    return names;
}

void note_lost_libraries(const Side& before, const Side& after, Findings& findings) {
    const std::set<std::string> left = sonames_of(after.files);
    for (const std::string& name : sonames_of(before.files)) {
        if (!left.contains(name)) {
            findings.notes.push_back(
                fmt::format("{} is gone: a program that opens it itself would fail", name));
        }
    }
}

void compare(
    Search& before, Search& after, const std::vector<ImagePath>& roots, bool is_of_platform,
    Findings& findings) {
    std::set<Unmet> told;
    for (const bool everywhere : {true, false}) {
        const Needs known = before.unmet(roots, everywhere);
        for (const auto& [unmet, who] : after.unmet(roots, everywhere)) {
            if (!known.contains(unmet)) {
                if (told.insert(unmet).second) {
                    findings.refusals.push_back(
                        {RebaseCheck::libraries,
                         describe(unmet, who) + ", which the new base does not have",
                         "take a base that has it, or rebuild the image on the new base"});
                }
            } else if (everywhere && is_of_platform) {
                findings.notes.push_back(describe(unmet, who) + ", which neither base has");
            }
        }
    }
}

} // namespace

Findings check_libraries(const Side& before, const Side& after, const oci::Platform& platform) {
    Findings findings;
    const auto own_machine = elf::machine_number(debian_name(platform));
    for (const auto& [machine, roots] : roots_of(after)) {
        Search old_search(before, machine, platform);
        Search new_search(after, machine, platform);
        compare(old_search, new_search, roots, own_machine == machine.number, findings);
    }
    note_lost_libraries(before, after, findings);
    return findings;
}

} // namespace pare::build
