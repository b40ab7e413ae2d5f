// SPDX-License-Identifier: Apache-2.0
// Problem: a need that stands in no ELF header. The configuration names a program of the base, a
// link of the application leads into it, the first line of a script names its interpreter, and the
// user's name means what the base's passwd says. What led somewhere on the old base must lead
// somewhere on the new one.
#include "build/rebase_checks.hh"
#include "inspect/contents.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace pare::build {

namespace {

constexpr const char* kDefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr const char* kHint = "take a base that has it, or rebuild the image on the new base";

std::string search_path(const oci::RunConfig& config) {
    std::string path = kDefaultPath;
    for (const std::string& variable : config.env) {
        if (variable.starts_with("PATH=")) {
            path = variable.substr(5);
        }
    }
    return path;
}

/// Whether the engine, or env(1), would find that program.
bool is_there(const Side& side, const std::string& program) {
    const auto is_file = [&](const std::string& text) {
        const inspect::Entry* entry =
            side.files.resolve("/" + side.config.working_dir + "/" + text);
        entry = text.starts_with('/') ? side.files.resolve(text) : entry;
        return entry != nullptr && entry->is_file();
    };
    if (program.find('/') != std::string::npos) {
        return is_file(program);
    }
    const std::string path = search_path(side.config);
    const auto directories = split(path, ':');
    return std::ranges::any_of(directories, [&](std::string_view directory) {
        return is_file(std::string(directory) + "/" + program);
    });
}

/// The program of each command that the configuration has, by the name of its field.
std::vector<std::pair<std::string, std::string>> programs_of(const oci::RunConfig& config) {
    std::vector<std::pair<std::string, std::string>> programs;
    if (!config.entrypoint.empty()) {
        programs.emplace_back("Entrypoint", config.entrypoint.front());
    } else if (!config.cmd.empty()) {
        programs.emplace_back("Cmd", config.cmd.front());
    }
    if (const auto& check = config.healthcheck; check && check->test.size() > 1) {
        const std::string shell = config.shell.empty() ? "/bin/sh" : config.shell.front();
        programs.emplace_back(
            "Healthcheck", check->test[0] == "CMD-SHELL" ? shell : check->test[1]);
    }
    return programs;
}

/// What the first line of a script starts; env(1) is asked for its argument.
std::optional<std::string> interpreter_of(const inspect::Entry& entry) {
    const auto words = split_words(entry.script);
    if (words.empty()) {
        return std::nullopt;
    }
    const bool is_env = words.size() > 1 && words[0].ends_with("/env") && words[1][0] != '-';
    return std::string(is_env ? words[1] : words[0]);
}

} // namespace

Findings check_programs(const Side& before, const Side& after) {
    Findings findings;
    const auto refuse = [&](std::string message) {
        findings.refusals.push_back({RebaseCheck::programs, std::move(message), kHint});
    };
    const auto old_programs = programs_of(before.config);
    for (const auto& [field, program] : programs_of(after.config)) {
        const auto old =
            std::ranges::find(old_programs, field, &std::pair<std::string, std::string>::first);
        if (!is_there(after, program) && old != old_programs.end() &&
            is_there(before, old->second)) {
            refuse(fmt::format("{} is {}, which the new base does not have", field, program));
        }
    }
    for (const auto& [path, placed] : after.files.entries()) {
        const inspect::Entry& entry = *placed.entry;
        if (placed.layer < after.base_layers) {
            continue;
        }
        const std::string name = path.absolute();
        if (entry.is_symlink() && before.files.resolve(name) != nullptr &&
            after.files.resolve(name) == nullptr) {
            refuse(
                fmt::format("{} leads to {}, which the new base does not have", name, entry.link));
        }
        const auto interpreter = interpreter_of(entry);
        if (interpreter && is_there(before, *interpreter) && !is_there(after, *interpreter)) {
            refuse(fmt::format(
                "{} is a script for {}, which the new base does not have", name, *interpreter));
        }
    }
    return findings;
}

namespace {

/// The line of an account in passwd or group, by its name.
std::string
account(const inspect::Filesystem& files, std::string_view file, std::string_view name) {
    const inspect::Entry* entry = files.resolve(file);
    if (entry == nullptr || !entry->contents) {
        return "";
    }
    for (const std::string_view line : split(*entry->contents, '\n')) {
        const auto fields = split(line, ':');
        if (fields[0] == name && fields.size() > 3) {
            // Of a user also the group that is theirs, which engines use when none is named.
            return fmt::format("{}:{}", fields[2], file.ends_with("passwd") ? fields[3] : "");
        }
    }
    return "";
}

} // namespace

Findings check_accounts(const Side& before, const Side& after) {
    Findings findings;
    const auto parts = split(after.config.user, ':');
    for (std::size_t i = 0; i < parts.size() && i < 2; ++i) {
        const std::string_view file = i == 0 ? "/etc/passwd" : "/etc/group";
        const bool is_number = parse_number(parts[i]).has_value();
        if (parts[i].empty() || is_number ||
            account(before.files, file, parts[i]) == account(after.files, file, parts[i])) {
            continue;
        }
        findings.refusals.push_back(
            {RebaseCheck::accounts,
             fmt::format(
                 "the image runs as {}, which {} of the new base does not have with the same "
                 "numbers",
                 parts[i], file),
             "rebuild the image on the new base"});
    }
    return findings;
}

bool read_by_checks(const ImagePath& path) {
    const std::string& name = path.relative();
    return name == "etc/passwd" || name == "etc/group" || name == "etc/ld.so.cache" ||
           inspect::declares_packages(path);
}

} // namespace pare::build
