// SPDX-License-Identifier: Apache-2.0
#include "cli/image_words.hh"
#include "cli/inspect_result.hh"
#include "cli/result_json.hh"

#include <fmt/core.h>

#include <map>

namespace pare::cli {

namespace {

using build::Inspection;

json::Value layers(const Inspection& image) {
    json::Array all;
    for (std::size_t i = 0; i < image.layers.size(); ++i) {
        const oci::Layer& layer = image.entry.image.layers[i];
        const std::vector<std::string> packages = packages_in_layer(image, i);
        all.emplace_back(json::Object{
            {"number", std::uint64_t{i + 1}},
            {"digest", layer.descriptor.digest},
            {"media_type", layer.descriptor.media_type},
            {"size", layer.descriptor.size},
            {"diff_id", layer.diff_id},
            {"bytes", bytes_of(*image.layers[i])},
            {"entries", std::uint64_t{image.layers[i]->entries.size()}},
            {"created_by", layer.created_by},
            {"packages", json::Array(packages.begin(), packages.end())}});
    }
    return all;
}

json::Value efficiency(const inspect::Efficiency& efficiency) {
    json::Array repeated;
    for (const inspect::RepeatedPath& one : efficiency.repeated) {
        repeated.emplace_back(json::Object{
            {"path", one.path.absolute()},
            {"bytes", one.bytes},
            {"count", std::uint64_t{one.count}}});
    }
    const auto part = efficiency.wasted_part();
    return json::Object{
        {"score", efficiency.score},
        {"bytes", efficiency.bytes},
        {"own_bytes", efficiency.own_bytes},
        {"wasted_bytes", efficiency.wasted},
        {"wasted_part", part ? json::Value(*part) : json::Value()},
        {"repeated", std::move(repeated)}};
}

json::Value packages(const Inspection& image) {
    const std::vector<std::uint64_t> sizes = image.package_sizes();
    json::Array all;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const sbom::Package& package = image.document.packages[i];
        json::Array depends;
        for (const std::size_t other : package.depends) {
            depends.emplace_back(image.document.packages[other].name);
        }
        all.emplace_back(json::Object{
            {"ecosystem", ecosystem_name(package.ecosystem)},
            {"name", package.name},
            {"version", package.version},
            {"architecture", package.architecture},
            {"source", package.source},
            {"bytes", sizes[i]},
            {"reason", package.reason},
            {"depends", std::move(depends)}});
    }
    return all;
}

json::Value counts(const std::map<std::string, std::size_t>& map) {
    json::Object object;
    for (const auto& [name, count] : map) {
        object.set(name, std::uint64_t{count});
    }
    return object;
}

json::Value uses(const std::vector<build::Use>& list) {
    json::Array all;
    for (const build::Use& use : list) {
        all.emplace_back(
            json::Object{{"by", use.by.absolute()}, {"of", use.of.absolute()}, {"as", use.as}});
    }
    return all;
}

json::Value unmet(const std::vector<build::Unmet>& list) {
    json::Array all;
    for (const build::Unmet& each : list) {
        all.emplace_back(json::Object{{"by", each.by.absolute()}, {"name", each.name}});
    }
    return all;
}

json::Value file(const Inspection& image, const ImagePath& path) {
    const inspect::Placed& placed = image.files.entries().at(path);
    const inspect::Entry& entry = *placed.entry;
    const auto package = image.package_of(path);
    json::Object object{
        {"path", path.absolute()},
        {"type", type_name(entry.type)},
        {"mode", fmt::format("{:04o}", entry.mode)},
        {"uid", entry.uid},
        {"gid", entry.gid},
        {"size", entry.size},
        {"mtime", entry.mtime},
        {"layer", std::uint64_t{placed.layer + 1}},
        {"origin", image.entry.image.layers[placed.layer].created_by},
        {"package", package ? json::Value(image.document.packages[*package].name) : json::Value()}};
    if (!entry.link.empty()) {
        object.set("link", entry.link);
    }
    if (!entry.sha256.empty()) {
        object.set("sha256", entry.sha256);
    }
    return object;
}

} // namespace

json::Value inspection_json(const Inspection& image, const EntryFilter& filter) {
    const oci::Image& described = image.entry.image;
    json::Array files;
    for (const ImagePath& path : pick(image, filter)) {
        files.emplace_back(file(image, path));
    }
    json::Object annotations;
    for (const auto& [key, value] : described.annotations) {
        annotations.set(key, value);
    }
    return json::Object{
        {"name", image.name},
        {"platform", platform_json(described.platform)},
        {"digest", image.entry.manifest.digest},
        {"config", json::parse(oci::write_config(described).bytes, image.name)},
        {"annotations", std::move(annotations)},
        {"layers", layers(image)},
        {"efficiency", efficiency(image.efficiency)},
        {"packages", packages(image)},
        {"elf",
         json::Object{
             {"kinds", counts(image.elf.kinds)},
             {"interpreters", counts(image.elf.interpreters)},
             {"scripts", counts(image.elf.scripts)},
             {"libraries", uses(image.uses.libraries)},
             {"script_programs", uses(image.uses.scripts)},
             {"unmet", unmet(image.uses.unmet)}}},
        {"files", std::move(files)}};
}

} // namespace pare::cli
