// SPDX-License-Identifier: Apache-2.0
// Problem: a program that started on the old base must start on the new one. What ELF files of the
// image need (interpreter, libraries by name, versions of symbols) is searched for as the loader
// does it, once on each base; only what got worse is a reason to refuse. The search is made twice:
// by the loader's own rules, and in every directory, because programs know of places that the
// loader does not (a virtual machine's own libraries, plugins).
#include "build/loader_view.hh"
#include "build/rebase_checks.hh"
#include "tree/tree.hh"
#include "wrap/closure.hh"

#include <fmt/core.h>

#include <map>
#include <set>
#include <utility>

namespace pare::build {

namespace {

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
        : offer_(offer_of(side.files, machine)),
          path_(search_path_of(side.files, side.config, machine, platform)) {}

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
    for (const auto& [machine, roots] : roots_of(after)) {
        Search old_search(before, machine, platform);
        Search new_search(after, machine, platform);
        compare(old_search, new_search, roots, is_of_platform(machine, platform), findings);
    }
    note_lost_libraries(before, after, findings);
    return findings;
}

} // namespace pare::build
