// SPDX-License-Identifier: Apache-2.0
// What RUN does in the last stage. Its text is searched for words; no shell is parsed.
#include "audit/dockerfile_rules.hh"
#include "audit/exec_form.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::audit {

using namespace dockerfile;

namespace {

struct Manager {
    std::string_view call; ///< fetches lists or packages
    std::string_view name;
    std::string_view cleans; ///< what takes the rests away
    std::string_view cache;  ///< or where a mount keeps them out
};

constexpr std::array kManagers = {
    Manager{"apt-get install", "apt-get", "/var/lib/apt/lists", "/var/lib/apt"},
    Manager{"apt-get update", "apt-get", "/var/lib/apt/lists", "/var/lib/apt"},
    Manager{"apt install", "apt", "/var/lib/apt/lists", "/var/lib/apt"},
    Manager{"apt update", "apt", "/var/lib/apt/lists", "/var/lib/apt"},
    Manager{"apk add", "apk", "--no-cache", "/var/cache/apk"},
    Manager{"apk update", "apk", "/var/cache/apk", "/var/cache/apk"},
    Manager{"dnf install", "dnf", "clean all", "/var/cache/dnf"},
    Manager{"dnf -y install", "dnf", "clean all", "/var/cache/dnf"},
    Manager{"yum install", "yum", "clean all", "/var/cache/yum"},
    Manager{"yum -y install", "yum", "clean all", "/var/cache/yum"},
};

/// `-y` and other options between the program and what it does make no difference.
std::string without_options(std::string_view text) {
    std::string plain;
    bool option = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool starts = i == 0 || text[i - 1] == ' ' || text[i - 1] == '\t';
        if (starts && text[i] == '-') {
            option = true;
        } else if (option && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n')) {
            option = false;
        } else if (!option && !(text[i] == ' ' && plain.ends_with(' '))) {
            plain += text[i];
        }
    }
    return plain;
}

const Manager* find_manager(const std::string& text) {
    const std::string plain = without_options(text);
    const auto found = std::find_if(kManagers.begin(), kManagers.end(), [&](const Manager& row) {
        return contains(plain, row.call);
    });
    return found == kManagers.end() ? nullptr : &*found;
}

bool cleans_up(const Run& run, const std::string& text, const Manager& manager) {
    const bool mounted = std::any_of(run.mounts.begin(), run.mounts.end(), [&](const Mount& mount) {
        return (mount.type == "cache" || mount.type == "tmpfs") &&
               mount.target.starts_with(manager.cache);
    });
    return mounted || contains_any(text, {manager.cleans, "rm -rf /var/cache/apk"});
}

void check_bare_run(Review& review, const Stage& stage, const Run& run, bool has_shell) {
    const std::string text = text_of(run.command);
    const Manager* manager = find_manager(text);
    const bool shell_form =
        run.command.form == Form::plain &&
        (run.command.words.empty() || !looks_like_exec_form(run.command.words.front().text));
    if (manager != nullptr) {
        review.report(
            "package-manager-in-distroless", run.command.range,
            fmt::format("{} is not in {}", manager->name, stage.image));
    } else if (shell_form && !has_shell) {
        review.report(
            "run-without-shell", run.command.range,
            fmt::format(
                "{} has no {} to run this", stage.image,
                stage.config.shell.empty() ? "/bin/sh" : stage.config.shell.front()));
    }
}

} // namespace

void check_runs(Review& review) {
    for (const Stage& stage : review.build.stages) {
        if (!review.base(stage.index).has_known_content()) {
            continue;
        }
        const bool has_shell = review.has_shell(stage.index);
        for (const Step& step : stage.steps) {
            if (const Run* run = std::get_if<Run>(&step.command)) {
                check_bare_run(review, stage, *run, has_shell);
            }
        }
    }
    for (const Step* step : review.final_steps()) {
        const Run* run = std::get_if<Run>(&step->command);
        if (run == nullptr || review.final_base().has_known_content()) {
            continue;
        }
        const std::string text = text_of(run->command);
        const Manager* manager = find_manager(text);
        if (manager != nullptr && !cleans_up(*run, text, *manager)) {
            review.report(
                "package-lists-left", run->command.range,
                fmt::format("{} leaves its lists or its cache in the image", manager->name));
        }
    }
}

} // namespace pare::audit
