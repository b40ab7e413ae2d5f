// SPDX-License-Identifier: Apache-2.0
// Packages and who owns which file come from the databases in the image, never from a document that
// came with it: whoever inspects an image wants to know what is in it. Provenance beside it only
// adds what no database says: archives, and why a package is there.
#include "build/inspection.hh"

#include "attest/provenance.hh"
#include "build/attached_provenance.hh"
#include "build/describe.hh"
#include "build/image_source.hh"
#include "support/thread_pool.hh"
#include "tree/tree.hh"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pare::build {

namespace {

using sbom::Ecosystem;

/// `amd64`, `arm/v7`: as locks name it.
std::string lock_name(const oci::Platform& platform) {
    const std::string variant = oci::plain_variant(platform);
    return platform.architecture + (variant.empty() ? "" : "/" + variant);
}

/// The lock in the provenance that came with an image; nothing without any.
std::optional<package::Lock> attached_lock(const inspect::ImageSource& source, Events& events) {
    try {
        return attest::parse_provenance(attached_provenance(source).predicate).lock;
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::bug) {
            throw;
        }
        // That none came with it is no news; that it cannot be read is.
        if (error.kind() != ErrorKind::usage) {
            events.message(
                Severity::warning,
                fmt::format("provenance of {} cannot be read: {}", source.name(), error.message()));
        }
        return std::nullopt;
    }
}

std::vector<package::LockedStep>
steps_of(const std::optional<package::Lock>& lock, const oci::Platform& platform) {
    if (!lock) {
        return {};
    }
    const auto found = lock->architectures.find(lock_name(platform));
    return found == lock->architectures.end() ? std::vector<package::LockedStep>() : found->second;
}

/// No database declares archives.
sbom::Knowledge
archives_of(const std::vector<package::LockedStep>& steps, const oci::Platform& platform) {
    sbom::Knowledge knowledge;
    for (const package::LockedStep& step : steps) {
        for (const package::LockedArchive& archive : step.archives) {
            knowledge.packages.push_back(known_archive(archive, platform.architecture));
        }
    }
    return knowledge;
}

void add_reasons(sbom::Document& document, const std::vector<package::LockedStep>& steps) {
    std::map<std::pair<std::string, std::string>, const package::LockedPackage*> known;
    for (const package::LockedStep& step : steps) {
        for (const package::LockedPackage& package : step.packages) {
            known.try_emplace({package.name, package.version}, &package);
        }
    }
    for (sbom::Package& package : document.packages) {
        const auto found = known.find({package.name, package.version});
        if (package.ecosystem == Ecosystem::deb && found != known.end()) {
            package.url = found->second->url;
            package.sha256 = found->second->sha256;
            package.reason = found->second->reason;
        }
    }
}

/// dpkg's lists and apk's database name symlinks as well.
std::map<ImagePath, std::size_t>
links_of(const sbom::Document& document, const inspect::Filesystem& files) {
    std::map<ImagePath, std::size_t> links;
    for (std::size_t i = 0; i < document.packages.size(); ++i) {
        for (const ImagePath& declared : document.packages[i].files) {
            const auto merged = tree::usr_merged(declared);
            for (const ImagePath& path : {declared, merged.value_or(declared)}) {
                const inspect::Entry* entry = files.find(path);
                if (entry != nullptr && entry->is_symlink()) {
                    links.emplace(path, i);
                }
            }
        }
    }
    return links;
}

} // namespace

std::optional<std::size_t> Inspection::package_of(const ImagePath& path) const {
    const auto file = std::ranges::lower_bound(document.files, path, {}, &sbom::File::path);
    if (file != document.files.end() && file->path == path) {
        return file->package;
    }
    const auto link = links.find(path);
    return link == links.end() ? std::nullopt : std::optional(link->second);
}

std::vector<std::uint64_t> Inspection::package_sizes() const {
    std::vector<std::uint64_t> sizes(document.packages.size());
    for (const sbom::File& file : document.files) {
        const inspect::Entry* at_path = files.find(file.path);
        const bool is_first_name = at_path != nullptr && at_path->type == archive::TarType::file;
        if (file.package && is_first_name) {
            sizes[*file.package] += file.size;
        }
    }
    return sizes;
}

void Inspector::describe(Inspection& inspection, const std::optional<package::Lock>& lock) const {
    const oci::ImageEntry& entry = inspection.entry;
    const std::vector<package::LockedStep> steps = steps_of(lock, entry.image.platform);
    sbom::Catalog catalog = sbom::make_document(
        files_of(inspection.files), archives_of(steps, entry.image.platform),
        {.name = inspection.name, .digest = entry.manifest.digest}, "");
    for (const std::string& sentence : catalog.unreadable) {
        tools_.events.message(Severity::warning, sentence);
    }
    inspection.document = std::move(catalog.document);
    add_reasons(inspection.document, steps);
    inspection.links = links_of(inspection.document, inspection.files);
}

Inspection Inspector::inspect(
    const inspect::ImageSource& source, const oci::ImageEntry& entry,
    const std::optional<package::Lock>& lock) {
    Inspection inspection{.name = source.name(), .entry = entry};
    inspection.layers = readings_.read(
        entry.image, [&source](const oci::Layer& layer) { return source.open_layer(layer); });
    for (const auto& layer : inspection.layers) {
        inspection.files.lay(layer);
    }
    TaskGroup group(tools_.pool);
    group.run(1, [&] { inspection.efficiency = inspect::measure(inspection.layers); });
    group.run(1, [&] {
        inspection.uses = find_uses(inspection.files, entry.image.config, entry.image.platform);
        inspection.elf = summarize(inspection.files);
    });
    group.run(2, [&] { describe(inspection, lock); });
    group.wait();
    return inspection;
}

std::vector<Inspection>
Inspector::inspect(const std::string& reference, const std::vector<std::string>& architectures) {
    const auto source = open_source(reference, tools_);
    const std::vector<const oci::ImageEntry*> entries = wanted_images(*source, architectures);
    const std::optional<package::Lock> lock = attached_lock(*source, tools_.events);
    std::vector<Inspection> inspections;
    inspections.reserve(entries.size());
    for (const oci::ImageEntry* entry : entries) {
        inspections.push_back(inspect(*source, *entry, lock));
    }
    return inspections;
}

} // namespace pare::build
