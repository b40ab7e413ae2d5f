// SPDX-License-Identifier: Apache-2.0
#include "build/loader_view.hh"

#include "deb/universe.hh"
#include "elf/machine.hh"
#include "finish/ld_cache.hh"
#include "support/text.hh"
#include "tree/tree.hh"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pare::build {

namespace {

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

} // namespace

Machine machine_of(const elf::Elf& elf) {
    return {.number = elf.machine, .is64 = elf.is64, .endian = elf.endian};
}

bool is_of_platform(const Machine& machine, const oci::Platform& platform) {
    return elf::machine_number(debian_name(platform)) == machine.number;
}

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

wrap::SearchPath search_path_of(
    const inspect::Filesystem& files, const oci::RunConfig& config, const Machine& machine,
    const oci::Platform& platform) {
    return {
        .triplet = triplet_of(machine, platform),
        .directories = library_path_of(config),
        .cache = cache_of(files)};
}

} // namespace pare::build
