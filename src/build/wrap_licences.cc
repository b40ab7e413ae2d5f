// SPDX-License-Identifier: Apache-2.0
#include "build/wrap_licences.hh"

#include "build/cutting.hh"
#include "build/wrap_packages.hh"

#include <algorithm>

namespace pare::build {

namespace {

constexpr std::string_view kDirectory = "/usr/share/common-licenses/";

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-';
}

std::string slice_name(const std::string& licence) {
    std::string name = licence;
    std::ranges::transform(name, name.begin(), [](char c) {
        return c == '.' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return name;
}

} // namespace

std::set<std::string> licences_in(std::string_view copyright) {
    std::set<std::string> names;
    for (std::size_t at = copyright.find(kDirectory); at != std::string_view::npos;
         at = copyright.find(kDirectory, at + 1)) {
        std::string name;
        for (std::size_t i = at + kDirectory.size();
             i < copyright.size() && is_name_character(copyright[i]); ++i) {
            name += copyright[i];
        }
        // A sentence may end behind it.
        name.erase(name.find_last_not_of(".-") + 1);
        names.insert(name);
    }
    names.erase("");
    return names;
}

std::set<std::string> licence_slices(
    const std::vector<package::LockedPackage>& packages, const Options& options,
    const Tools& tools) {
    std::vector<CutJob> jobs;
    for (const package::LockedPackage& package : packages) {
        jobs.push_back({.package = package, .selection = libraries_of_package()});
    }
    Cutting cutting(options, tools);
    cutting.make_all(jobs);
    const cut::SliceLibrary slices;
    const cut::SliceFile* known = slices.find("base-files");
    std::set<std::string> names;
    for (const CutJob& job : jobs) {
        const CutPtr cut = cutting.cut(job);
        const MappedFile part(tools.store.path(store::Kind::part, cut->key));
        for (const cut::Item& item : cut->cut.items) {
            if (item.entry.path.name() != "copyright" || item.entry.type != tree::EntryType::file) {
                continue;
            }
            for (const std::string& licence :
                 licences_in(part.bytes().substr(item.offset, item.entry.size))) {
                if (known != nullptr && known->find(slice_name(licence)) != nullptr) {
                    names.insert(slice_name(licence));
                }
            }
        }
    }
    return names;
}

} // namespace pare::build
