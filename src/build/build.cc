// SPDX-License-Identifier: Apache-2.0
#include "build/build.hh"

#include "build/images.hh"
#include "build/made.hh"
#include "build/provenance.hh"
#include "build/sbom.hh"
#include "support/digest.hh"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace pare::build {

namespace {

/// One tag cannot stand for two different definitions or variants.
void check_tags(const Plan& plan, const Options& options) {
    std::set<std::pair<std::string, std::string>> kinds;
    for (const Target& target : plan.targets) {
        kinds.emplace(target.name, default_tag(target, plan));
    }
    if (!options.tags.empty() && kinds.size() > 1) {
        throw Error(
            ErrorKind::usage,
            fmt::format(
                "--tag {} would name {} different images", options.tags.front(), kinds.size()),
            "build one definition and variant at a time, or leave --tag out");
    }
}

void add_target(
    std::vector<TagTargets>& tags, const std::string& tag, const Target& target,
    std::int64_t created) {
    auto known = std::ranges::find(tags, tag, &TagTargets::tag);
    if (known == tags.end()) {
        known = tags.insert(tags.end(), {.tag = tag});
    }
    known->targets.push_back(&target);
    known->created = std::max(known->created, created);
}

} // namespace

Made make(const Options& options, const Tools& tools) {
    StageClock clock;
    // Definitions in; out come steps with their exact packages. With a lock, no index is touched.
    const Plan plan = resolve_plan(options, tools, clock);
    return make_planned(plan, options, tools, clock);
}

Made make_planned(const Plan& plan, const Options& options, const Tools& tools, StageClock& clock) {
    check_tags(plan, options);
    // Every download and every cut is made once, for all images of the call.
    Cutting cutting(options, tools);
    Made made{.result = {.images = make_images(plan, options, tools, cutting, clock)}};
    // All layers are in the store now; nothing was written anywhere else yet.
    std::vector<TagTargets> targets;
    for (std::size_t i = 0; i < plan.targets.size(); ++i) {
        BuiltImage& built = made.result.images[i];
        built.manifest_digest =
            oci::write_manifest(built.image, oci::write_config(built.image).descriptor)
                .descriptor.digest;
        const std::vector<std::string> tags =
            options.tags.empty() ? std::vector{default_tag(plan.targets[i], plan)} : options.tags;
        for (const std::string& tag : tags) {
            built.tag = built.tag.empty() ? tag : built.tag;
            made.tagged.push_back({tag, built.image});
            add_target(targets, tag, plan.targets[i], built.image.created);
        }
    }
    made.result.written = oci::describe_output(made.tagged);
    made.attachments = attachments_of(made.result.written, made.result.images, options);
    if (options.provenance) {
        std::ranges::move(
            provenance_attachments(made.result.written, targets, options),
            std::back_inserter(made.attachments));
    }
    made.result.stages = clock.times();
    made.result.downloaded = cutting.downloaded();
    return made;
}

void write(const Made& made, const Options& options, const Tools& tools) {
    const auto find_blob = [&](const std::string& digest) {
        return tools.store.path(store::Kind::blob, digest_hex(digest));
    };
    static_cast<void>(oci::write_output(
        options.output, options.format, made.tagged, find_blob, made.attachments));
}

Result build(const Options& options, const Tools& tools) {
    Made made = make(options, tools);
    StageClock clock;
    clock.time(Stage::output, [&] { write(made, options, tools); });
    std::ranges::move(clock.times(), std::back_inserter(made.result.stages));
    return std::move(made.result);
}

} // namespace pare::build
