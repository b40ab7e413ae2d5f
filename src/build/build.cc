// SPDX-License-Identifier: Apache-2.0
#include "build/build.hh"

#include "build/images.hh"
#include "build/sbom.hh"
#include "support/digest.hh"

#include <fmt/core.h>

#include <algorithm>
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

} // namespace

Result build(const Options& options, const Tools& tools) {
    StageClock clock;
    // Definitions in; out come steps with their exact packages. With a lock, no index is touched.
    const Plan plan = resolve_plan(options, tools, clock);
    check_tags(plan, options);
    // Every download and every cut is made once, for all images of the call.
    Cutting cutting(options, tools);
    Result result{.images = make_images(plan, options, tools, cutting, clock)};
    // All layers are in the store now; nothing was written to the output yet.
    std::vector<oci::TaggedImage> tagged;
    for (std::size_t i = 0; i < plan.targets.size(); ++i) {
        BuiltImage& built = result.images[i];
        built.manifest_digest =
            oci::write_manifest(built.image, oci::write_config(built.image).descriptor)
                .descriptor.digest;
        const std::vector<std::string> tags =
            options.tags.empty() ? std::vector{default_tag(plan.targets[i], plan)} : options.tags;
        for (const std::string& tag : tags) {
            built.tag = built.tag.empty() ? tag : built.tag;
            tagged.push_back({tag, built.image});
        }
    }
    const auto find_blob = [&](const std::string& digest) {
        return tools.store.path(store::Kind::blob, digest_hex(digest));
    };
    result.written = clock.time(Stage::output, [&] {
        const auto attachments =
            attachments_of(oci::describe_output(tagged), result.images, options);
        return oci::write_output(options.output, options.format, tagged, find_blob, attachments);
    });
    result.stages = clock.times();
    result.downloaded = cutting.downloaded();
    return result;
}

} // namespace pare::build
