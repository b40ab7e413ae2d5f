// SPDX-License-Identifier: Apache-2.0
// What COPY and ADD bring into the final image. What .dockerignore leaves out is not known here.
#include "audit/dockerfile_rules.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::audit {

using namespace dockerfile;

namespace {

bool is_whole_context(std::string_view source) {
    return is_one_of(source, {".", "./", "/", "*", "./*", "**"});
}

bool is_secret_file(std::string_view source) {
    const std::string_view name = base_name(source);
    if (name == ".env" || name.starts_with(".env.")) {
        return !contains_any(name, {"example", "sample", "template", "dist"});
    }
    return is_one_of(
               name, {"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".npmrc", ".pypirc", ".netrc",
                      ".git-credentials", ".dockercfg", ".htpasswd", "kubeconfig", "credentials",
                      "credentials.json", ".aws", ".ssh"}) ||
           name.ends_with(".key") || name.ends_with(".p12") || name.ends_with(".pfx");
}

void check_context_source(Review& review, const Word& source) {
    const std::string_view name = base_name(source.text);
    if (is_whole_context(source.text)) {
        review.report(
            "whole-context-copied", source.range,
            fmt::format("\"{}\" is the whole build context", source.text));
    } else if (is_one_of(name, {".git", ".svn", ".hg"})) {
        review.report(
            "repository-copied", source.range,
            fmt::format("{} has the whole history of the sources", source.text));
    } else if (is_secret_file(source.text)) {
        review.report(
            "secret-file-copied", source.range,
            fmt::format("{} usually holds secrets", source.text));
    }
}

void check_shell(Review& review, const Step& step, const Copy& copy) {
    for (const Word& source : copy.sources) {
        const bool shell = is_one_of(
            base_name(source.text), {"sh", "bash", "dash", "ash", "zsh", "busybox", "toybox"});
        if (shell && (copy.from || !contains(base_name(copy.destination.text), "."))) {
            review.report(
                "shell-copied-in", source.range,
                fmt::format(
                    "{}{} brings a shell into an image without one", source.text,
                    step.source_image.empty() ? "" : " of " + step.source_image));
        }
    }
}

void check_accounts(Review& review, const Copy& copy) {
    for (const std::string_view file : {"/etc/passwd", "/etc/group"}) {
        if (copy.from && brings(copy, file) == Brings::yes) {
            review.report(
                "accounts-overwritten", copy.destination.range,
                fmt::format("{} of the base image is replaced", file));
        }
    }
}

void check_libraries(Review& review, const Copy& copy) {
    for (const Word& source : copy.sources) {
        const std::string_view name = base_name(source.text);
        const bool library = name.ends_with(".so") || contains(name, ".so.");
        const bool system =
            contains_any(source.text, {"/lib/", "/lib64/", "lib/x86_64", "lib/aarch64"}) &&
            !contains_any(source.text, {"/app", "/opt", "/build", "/src", "target/"});
        if (copy.from && library && system) {
            review.report(
                "packages-unpacked-by-hand", source.range,
                fmt::format("{} comes without its package", source.text));
        }
    }
}

void check_unpacking(Review& review, const Stage& stage) {
    for (const Step& step : stage.steps) {
        const Run* run = std::get_if<Run>(&step.command);
        if (run != nullptr &&
            contains_any(
                text_of(run->command), {"apt-get download", "dpkg -x", "dpkg-deb -x",
                                        "dpkg --extract", "dpkg-deb --extract"})) {
            review.report(
                "packages-unpacked-by-hand", run->command.range,
                "packages are unpacked past the package manager");
        }
    }
}

/// What a program from scratch may miss, where the places of all files are known.
void check_missing_data(Review& review) {
    if (review.final_base().origin != Origin::scratch) {
        return;
    }
    bool open = false;
    std::string paths;
    for (const Step* step : review.final_steps()) {
        const Copy* copy = std::get_if<Copy>(&step->command);
        open = open || (copy != nullptr &&
                        is_one_of(copy->destination.text, {"/", "/etc/", "/usr/", "/usr/share/"}));
        for (const Word& source : copy != nullptr ? copy->sources : std::vector<Word>()) {
            paths += source.text + " ";
        }
        paths += copy != nullptr ? copy->destination.text + "\n" : "";
    }
    const Range& range = review.final_stage().from.base.range;
    if (!open && !contains_any(paths, {"cert", "/ssl", "/pki"})) {
        review.report(
            "certificates-missing", range, "nothing brings CA certificates into the image");
    }
    const auto& environment = review.config().environment;
    const auto zone = environment.find("TZ");
    if (zone != environment.end() && !is_one_of(zone->second, {"", "UTC", "Etc/UTC"}) && !open &&
        !contains(paths, "zoneinfo")) {
        review.report(
            "time-zones-missing", range,
            fmt::format("TZ is {}, and nothing brings time zones into the image", zone->second));
    }
}

} // namespace

void check_copies(Review& review) {
    const bool bare = review.final_base().has_known_content();
    for (const Step* step : review.final_steps()) {
        const Copy* copy = std::get_if<Copy>(&step->command);
        if (copy == nullptr) {
            continue;
        }
        if (!copy->from) {
            for (const Word& source : copy->sources) {
                check_context_source(review, source);
            }
        }
        if (bare) {
            check_shell(review, *step, *copy);
            check_libraries(review, *copy);
        }
        if (bare && review.final_base().origin != Origin::scratch) {
            check_accounts(review, *copy);
        }
    }
    if (bare) {
        for (const Stage& stage : review.build.stages) {
            if (review.build.needed[stage.index]) {
                check_unpacking(review, stage);
            }
        }
    }
    check_missing_data(review);
}

} // namespace pare::audit
