// SPDX-License-Identifier: Apache-2.0
// Whether what the image starts is in it, as far as names and paths tell.
#include "audit/dockerfile_rules.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::audit {

using namespace dockerfile;

namespace {

/// The command that the text gives and that docker starts first; null when the base gives it.
const CommandLine* first_command(const Review& review) {
    const Config& config = review.config();
    if (config.entrypoint && !config.entrypoint->words.empty()) {
        return &*config.entrypoint;
    }
    const bool base_starts = !review.final_base().program.empty() || review.final_base().debug ||
                             !review.final_base().has_known_content();
    return config.command && !config.command->words.empty() && !base_starts ? &*config.command
                                                                            : nullptr;
}

bool has_run(const Review& review) {
    return std::any_of(
        review.final_steps().begin(), review.final_steps().end(),
        [](const Step* step) { return std::holds_alternative<Run>(step->command); });
}

void check_something_starts(Review& review) {
    const Base& base = review.final_base();
    const bool starts = review.config().entrypoint || review.config().command ||
                        !base.program.empty() || base.debug || base.name == "nginx";
    if (base.has_known_content() && !starts) {
        review.report(
            "no-command", review.final_stage().instruction->range,
            "neither the Dockerfile nor its base says what to start");
    }
}

/// Files of the base: only the smallest ones are known to hold no program.
bool may_be_of_base(const Base& base, std::string_view path) {
    const bool empty = base.origin == Origin::scratch || base.libc == Libc::none;
    return !empty && (path.starts_with("/usr/") || path.starts_with("/bin/") ||
                      path.starts_with("/sbin/") || path.starts_with("/nodejs/"));
}

void check_program_is_copied(Review& review) {
    const Base& base = review.final_base();
    const CommandLine* command = first_command(review);
    if (command == nullptr || command->form != Form::json || !base.has_known_content() ||
        base.debug || has_run(review)) {
        return;
    }
    const Word& program = command->words.front();
    const std::string& path = program.text;
    if (path.starts_with('/') && !contains(path, "$") && !may_be_of_base(base, path) &&
        review.final_image_gets(path) == Brings::no) {
        review.report(
            "command-not-copied", program.range,
            fmt::format("nothing copies {} into the image", path));
    }
}

/// `python`, `python3`, `python3.13`.
bool names_language(std::string_view word, std::string_view language) {
    const std::string_view name = base_name(word);
    return (language == "python" && name.starts_with("python") && !contains(name, ".py")) ||
           (language == "node" && is_one_of(name, {"node", "nodejs"})) ||
           (language == "java" && is_one_of(name, {"java", "-jar"}));
}

/// A script of Python may have a first line that names /usr/bin/python3.
bool is_script(std::string_view word) {
    constexpr std::array<std::string_view, 5> kEnds = {".js", ".mjs", ".cjs", ".ts", ".jar"};
    return std::any_of(
        kEnds.begin(), kEnds.end(), [word](std::string_view end) { return word.ends_with(end); });
}

void check_interpreter(Review& review) {
    const Base& base = review.final_base();
    const Config& config = review.config();
    if (base.program.empty() || base.debug) {
        return;
    }
    const bool has_entrypoint = config.entrypoint && !config.entrypoint->words.empty();
    if (has_entrypoint && config.entrypoint->form == Form::json) {
        const Word& first = config.entrypoint->words.front();
        if (is_script(first.text)) {
            review.report(
                "script-as-entrypoint", first.range,
                fmt::format(
                    "{} needs {}, which this ENTRYPOINT replaces", first.text, base.program));
        }
    } else if (
        !config.entrypoint && config.command && config.command->form == Form::json &&
        !config.command->words.empty()) {
        const Word& first = config.command->words.front();
        if (names_language(first.text, base.program)) {
            review.report(
                "command-of-base-repeated", first.range,
                fmt::format(
                    "the base starts {} already and gets \"{}\" as an argument", base.program,
                    first.text));
        }
    }
}

void check_build_paths(Review& review) {
    const CommandLine* command = first_command(review);
    if (review.final_base().origin != Origin::distroless || command == nullptr ||
        command->form != Form::json) {
        return;
    }
    const Word& program = command->words.front();
    const std::string& path = program.text;
    const bool local = path.starts_with("/usr/local/bin/") &&
                       (names_language(path, "python") || names_language(path, "node"));
    const bool virtual_environment = contains_any(path, {"venv/bin/", "/env/bin/"});
    const bool has_interpreter = review.final_image_gets("/usr/local/bin/python") != Brings::no ||
                                 review.final_image_gets("/usr/local/bin/node") != Brings::no;
    if ((local || virtual_environment) && !has_interpreter) {
        review.report(
            "interpreter-not-in-base", program.range,
            fmt::format(
                "{} {}", path,
                local ? "is where build images have it, not this one"
                      : "points to the interpreter of the image that made it"));
    }
}

void check_java_options(Review& review) {
    const Config& config = review.config();
    if (review.final_base().language != "java" || !review.final_base().has_known_content() ||
        !config.environment.contains("JAVA_OPTS")) {
        return;
    }
    const bool used = (config.entrypoint && contains(text_of(*config.entrypoint), "JAVA_OPTS")) ||
                      (config.command && contains(text_of(*config.command), "JAVA_OPTS"));
    for (const Step* step : review.final_steps()) {
        const Env* env = std::get_if<Env>(&step->command);
        if (env != nullptr && !used) {
            for (const Pair& variable : env->variables) {
                if (variable.name.text == "JAVA_OPTS") {
                    review.report(
                        "java-options-ignored", variable.name.range,
                        "java does not read JAVA_OPTS; JDK_JAVA_OPTIONS works");
                }
            }
        }
    }
}

void check_health(Review& review) {
    const auto& check = review.config().health_check;
    if (!check || check->none || check->command.form != Form::json ||
        !review.final_base().has_known_content() || review.final_base().debug) {
        return;
    }
    const Word& program = check->command.words.front();
    const std::string name(base_name(program.text));
    const bool tool = is_one_of(
        name, {"curl", "wget", "nc", "sh", "bash", "cat", "test", "grep", "ls", "pgrep", "ps",
               "pidof", "true", "echo", "redis-cli", "pg_isready"});
    const auto gets = [&](const std::string& directory) {
        return review.final_image_gets(directory + name) != Brings::no;
    };
    const bool copied = program.text.starts_with('/')
                            ? review.final_image_gets(program.text) != Brings::no
                            : gets("/bin/") || gets("/usr/bin/") || gets("/usr/local/bin/");
    if (tool && !copied) {
        review.report(
            "health-check-without-tool", program.range,
            fmt::format("the image has no {}, so it is never healthy", name));
    }
}

} // namespace

void check_commands(Review& review) {
    check_something_starts(review);
    check_program_is_copied(review);
    check_interpreter(review);
    check_build_paths(review);
    check_java_options(review);
    check_health(review);
}

} // namespace pare::audit
