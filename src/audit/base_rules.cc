// SPDX-License-Identifier: Apache-2.0
// Names of images: pinned or not, of today or not.
#include "audit/dockerfile_rules.hh"

#include <fmt/core.h>

namespace pare::audit {

using namespace dockerfile;

namespace {

constexpr int kOldestDebian = 12;

void check_pin(Review& review, const Base& base, const Range& range) {
    if (!base.digest.empty()) {
        return;
    }
    // Tags of these say who runs and not which release; the name has the release.
    const bool release_in_name = base.origin == Origin::distroless ||
                                 base.origin == Origin::chainguard ||
                                 base.repository.starts_with("cgr.dev/chainguard/");
    const std::string shown = base.repository + (base.tag.empty() ? "" : ":" + base.tag);
    if (!release_in_name && (base.tag.empty() || base.tag == "latest")) {
        review.report(
            "base-without-tag", range, fmt::format("{} is whatever is the newest", shown));
    } else {
        review.report(
            "base-without-digest", range, fmt::format("{} is not pinned by digest", shown));
    }
}

bool is_old(const Base& base) {
    const bool distroless = base.origin == Origin::distroless;
    constexpr int kOldestNode = 22;
    if (distroless && base.language == "node" &&
        (base.version.major < kOldestNode || base.debian < 13)) {
        return true;
    }
    if (distroless && base.language == "java" && !base.program.empty()) {
        return !(base.version.major == 17 || base.version.major == 21 ||
                 base.version.major == 25) ||
               base.debian < 13;
    }
    if (distroless && base.language == "python") {
        return base.debian < 13 || base.name.starts_with("python2");
    }
    return base.debian > 0 && base.debian < kOldestDebian;
}

void check_age(Review& review, const Base& base, const Range& range) {
    const bool ours = contains("/" + base.repository, "/pare/");
    if (!ours && is_old(base)) {
        review.report(
            "outdated-base", range,
            fmt::format(
                "{} gets no updates any more",
                base.repository + (base.tag.empty() ? "" : ":" + base.tag)));
    }
}

void check_from(Review& review, const Stage& stage) {
    if (stage.parent || stage.image.empty()) {
        return;
    }
    const Base& base = review.base(stage.index);
    const Range& range = stage.from.base.range;
    if (base.origin != Origin::scratch) {
        check_pin(review, base, range);
        check_age(review, base, range);
    }
    if (base.repository.starts_with("gcr.io/distroless/") && !contains(base.name, "-debian")) {
        review.report(
            "floating-base-release", range,
            fmt::format("{} is Debian {} today", base.repository, base.debian));
    }
}

/// A plain word may be a build context that the command line names.
bool is_image(std::string_view name) {
    return contains_any(name, {"/", ":", "@"}) ||
           is_one_of(
               name, {"busybox", "alpine", "debian", "ubuntu", "golang", "python", "node", "nginx",
                      "rust", "docker"});
}

} // namespace

void check_bases(Review& review) {
    for (const Stage& stage : review.build.stages) {
        check_from(review, stage);
        for (const Step& step : stage.steps) {
            const Copy* copy = std::get_if<Copy>(&step.command);
            if (copy != nullptr && copy->from && is_image(step.source_image) &&
                !contains(step.source_image, "$")) {
                check_pin(review, describe_base(step.source_image), copy->from->range);
            }
        }
    }
    const Base& base = review.final_base();
    if (base.debug) {
        review.report(
            "debug-base", review.final_stage().from.base.range,
            fmt::format("{}:{} has a shell and tools", base.repository, base.tag));
    }
}

} // namespace pare::audit
