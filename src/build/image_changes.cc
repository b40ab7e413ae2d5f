// SPDX-License-Identifier: Apache-2.0
#include "build/image_changes.hh"

#include "build/image_difference.hh"
#include "support/text.hh"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace pare::build {

namespace {

using Versions = std::pair<std::set<std::string>, std::set<std::string>>;
using Name = std::pair<sbom::Ecosystem, std::string>;

std::string listed(const std::set<std::string>& versions) {
    return join(std::vector<std::string>(versions.begin(), versions.end()), ", ");
}

std::vector<VersionChange> compare_packages(const Inspection& before, const Inspection& after) {
    std::map<Name, Versions> both;
    for (const sbom::Package& package : before.document.packages) {
        both[{package.ecosystem, package.name}].first.insert(package.version);
    }
    for (const sbom::Package& package : after.document.packages) {
        both[{package.ecosystem, package.name}].second.insert(package.version);
    }
    std::vector<VersionChange> changes;
    for (const auto& [name, versions] : both) {
        if (versions.first != versions.second) {
            changes.push_back(
                {.ecosystem = name.first,
                 .name = name.second,
                 .before = listed(versions.first),
                 .after = listed(versions.second)});
        }
    }
    return changes;
}

ImageChanges compare(const Inspection* before, const Inspection* after) {
    ImageChanges changes{.platform = (before != nullptr ? before : after)->entry.image.platform};
    if (before != nullptr) {
        changes.before_digest = before->entry.manifest.digest;
        changes.before = sizes_of(*before);
    }
    if (after != nullptr) {
        changes.after_digest = after->entry.manifest.digest;
        changes.after = sizes_of(*after);
    }
    if (before != nullptr && after != nullptr && !changes.is_same()) {
        changes.packages = compare_packages(*before, *after);
        changes.files = inspect::compare_filesystems(before->files, after->files);
        changes.config = compare_configs(before->entry.image, after->entry.image);
    }
    return changes;
}

const Inspection* find(const std::vector<Inspection>& images, const oci::Platform& platform) {
    const auto found = std::ranges::find_if(images, [&](const Inspection& inspection) {
        const oci::Platform& own = inspection.entry.image.platform;
        return own.os == platform.os && own.architecture == platform.architecture &&
               oci::plain_variant(own) == oci::plain_variant(platform);
    });
    return found == images.end() ? nullptr : &*found;
}

} // namespace

Sizes sizes_of(const Inspection& inspection) {
    Sizes sizes{.paths = inspection.files.entries().size(), .layers = inspection.layers.size()};
    for (const oci::Layer& layer : inspection.entry.image.layers) {
        sizes.compressed += layer.descriptor.size;
    }
    for (const auto& [path, placed] : inspection.files.entries()) {
        const bool is_first_name = placed.entry->type == archive::TarType::file;
        sizes.files += is_first_name ? placed.entry->size : 0;
    }
    return sizes;
}

std::vector<ImageChanges>
compare(const std::vector<Inspection>& before, const std::vector<Inspection>& after) {
    std::vector<ImageChanges> changes;
    for (const Inspection& image : before) {
        changes.push_back(compare(&image, find(after, image.entry.image.platform)));
    }
    for (const Inspection& image : after) {
        if (find(before, image.entry.image.platform) == nullptr) {
            changes.push_back(compare(nullptr, &image));
        }
    }
    return changes;
}

} // namespace pare::build
