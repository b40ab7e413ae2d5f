// SPDX-License-Identifier: Apache-2.0
#include "build/images.hh"

#include "build/describe.hh"
#include "build/image_cache.hh"
#include "build/layers.hh"
#include "build/sbom.hh"

#include <filesystem>
#include <utility>

namespace pare::build {

namespace {

sbom::Subject subject_of(const Target& target, const oci::Image& image) {
    const oci::Document manifest = oci::write_manifest(image, oci::write_config(image).descriptor);
    return {
        .name = std::filesystem::path(target.name).stem().string(),
        .digest = manifest.descriptor.digest,
        .media_type = manifest.descriptor.media_type,
        .platform = image.platform,
        .created = image.created};
}

/// Takes image and documents from the store; false when one of them is not there.
bool take_known(
    BuiltImage& built, const Target& target, const std::string& key, const Options& options,
    const Tools& tools) {
    auto known = find_image(key, tools);
    if (!known) {
        return false;
    }
    built.image = *std::move(known);
    for (const sbom::Format format : options.sboms) {
        auto document = find_sbom(sbom_key(key, format, options.tool_version), tools);
        if (!document) {
            built.sboms.clear();
            return false;
        }
        built.sboms.push_back({subject_of(target, built.image), *std::move(document)});
    }
    built.from_cache = true;
    return true;
}

class Documents {
public:
    Documents(const Options& options, const Tools& tools)
        : options_(options), tools_(tools), describer_(tools, options.tool_version) {}

    void
    add(BuiltImage& built, const Target& target, const StepState& state, const std::string& key) {
        if (options_.sboms.empty()) {
            return;
        }
        const sbom::Subject subject = subject_of(target, built.image);
        const sbom::Document document = describer_.describe(
            built.image, subject, knowledge_of(target, state), open_stored_layers(tools_.store));
        for (const sbom::Format format : options_.sboms) {
            sbom::Written written = sbom::write(document, format);
            keep_sbom(sbom_key(key, format, options_.tool_version), written, tools_);
            built.sboms.push_back({subject, std::move(written)});
        }
    }

private:
    const Options& options_;
    const Tools& tools_;
    Describer describer_;
};

} // namespace

std::vector<BuiltImage> make_images(
    const Plan& plan, const Options& options, const Tools& tools, Cutting& cutting,
    StageClock& clock) {
    std::vector<BuiltImage> images(plan.targets.size());
    std::vector<std::string> keys;
    std::vector<const Target*> missing;
    for (std::size_t i = 0; i < plan.targets.size(); ++i) {
        const Target& target = plan.targets[i];
        keys.push_back(image_key(target, options));
        images[i] = {
            .definition = target.definition,
            .distribution = target.distribution,
            .variant = target.variant,
            .packages = packages_of(target),
            .archives = archives_of(target)};
        if (!take_known(images[i], target, keys[i], options, tools)) {
            missing.push_back(&target);
        }
    }
    if (missing.empty()) {
        return images;
    }
    const auto states = assemble_targets(missing, options, tools, cutting, clock);
    clock.time(Stage::assemble, [&] {
        const auto layers = make_layers(states, options.compression, tools);
        Documents documents(options, tools);
        for (const Target* target : missing) {
            const auto i = static_cast<std::size_t>(target - plan.targets.data());
            images[i].image = make_image(*target, states, layers, tools);
            keep_image(keys[i], images[i].image, tools);
            documents.add(images[i], *target, states.at(target->last), keys[i]);
        }
    });
    return images;
}

} // namespace pare::build
