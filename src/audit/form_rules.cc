// SPDX-License-Identifier: Apache-2.0
// Shell form and exec form. What stands in a form that does not work is found in every stage; what
// only matters when the container starts, in the last one.
#include "audit/dockerfile_rules.hh"
#include "audit/exec_form.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::audit {

using namespace dockerfile;

namespace {

/// A command, and what is said of it.
struct Spoken {
    std::string_view keyword;
    const CommandLine* command;
};

std::optional<Spoken> command_of(const Step& step) {
    if (const auto* run = std::get_if<Run>(&step.command)) {
        return Spoken{"RUN", &run->command};
    }
    if (const auto* cmd = std::get_if<Cmd>(&step.command)) {
        return Spoken{"CMD", &cmd->command};
    }
    if (const auto* entrypoint = std::get_if<Entrypoint>(&step.command)) {
        return Spoken{"ENTRYPOINT", &entrypoint->command};
    }
    const auto* check = std::get_if<HealthCheck>(&step.command);
    return check != nullptr && !check->none ? std::optional(Spoken{"HEALTHCHECK", &check->command})
                                            : std::nullopt;
}

/// A replacement for all of a word that stands on one line.
std::optional<Fix>
fix_of(const Review& review, const Range& range, const std::optional<std::string>& replacement) {
    return replacement && range.begin.line == range.end.line
               ? std::optional(Fix{review.place(range), *replacement})
               : std::nullopt;
}

bool check_broken_form(Review& review, std::string_view keyword, const Word& word) {
    if (!looks_like_exec_form(word.text)) {
        return false;
    }
    review.report(
        "exec-form-not-json", word.range,
        fmt::format("{} is meant to be in exec form, but this is no JSON array", keyword),
        fix_of(review, word.range, with_double_quotes(word.text)));
    return true;
}

bool is_variable(std::string_view text) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const char next = text[i + 1];
        const bool begins_name = next == '{' || next == '_' || (next >= 'a' && next <= 'z') ||
                                 (next >= 'A' && next <= 'Z');
        if (text[i] == '$' && begins_name) {
            return true;
        }
    }
    return false;
}

void check_words(Review& review, const Spoken& spoken) {
    if (calls_shell(*spoken.command)) {
        return;
    }
    for (const Word& word : spoken.command->words) {
        if (is_one_of(word.text, {"&&", "||", "|", ";", "&", ">", ">>", "<", "2>&1"})) {
            review.report(
                "shell-operator-in-exec-form", word.range,
                fmt::format("{} hands \"{}\" to the program", spoken.keyword, word.text));
        } else if (is_variable(word.text)) {
            review.report(
                "variable-in-exec-form", word.range,
                fmt::format("{} hands \"{}\" to the program as it is", spoken.keyword, word.text));
        }
    }
}

void check_file_lists(Review& review, const Step& step) {
    const Instruction& instruction = *step.instruction;
    const bool lists = is_one_of(instruction.keyword, {"copy", "add", "volume"});
    if (lists && instruction.form == Form::plain && !instruction.words.empty()) {
        check_broken_form(review, instruction.written.text, instruction.rest);
    }
}

bool is_shell_text(const CommandLine& command) {
    return command.form == Form::plain && !command.words.empty() &&
           !looks_like_exec_form(command.words.front().text);
}

/// Commands of the image itself, with those of parent stages that still count.
void check_start(Review& review, const Spoken& spoken) {
    const CommandLine& command = *spoken.command;
    if (!is_shell_text(command)) {
        return;
    }
    const Word& text = command.words.front();
    const auto fix = fix_of(review, text.range, to_exec_form(text.text));
    if (!review.has_shell(review.build.target)) {
        const bool elsewhere = review.final_base().debug;
        review.report(
            "shell-form-without-shell", text.range,
            fmt::format(
                "{} in shell form needs {}, which the image does not have{}", spoken.keyword,
                review.config().shell.empty() ? "/bin/sh" : review.config().shell.front(),
                elsewhere ? "; its shell is /busybox/sh" : ""),
            fix);
    } else if (
        spoken.keyword != "HEALTHCHECK" && review.config().shell.empty() &&
        !text.text.starts_with("exec ")) {
        review.report(
            "prefer-exec-form", text.range,
            fmt::format("{} in shell form puts a shell before the program", spoken.keyword), fix);
    }
}

} // namespace

void check_forms(Review& review) {
    for (const Stage& stage : review.build.stages) {
        for (const Step& step : stage.steps) {
            check_file_lists(review, step);
            const auto spoken = command_of(step);
            if (!spoken || spoken->command->words.empty()) {
                continue;
            }
            if (spoken->command->form == Form::json) {
                check_words(review, *spoken);
            } else {
                check_broken_form(review, spoken->keyword, spoken->command->words.front());
            }
        }
    }
    const Config& config = review.config();
    if (config.entrypoint) {
        check_start(review, {"ENTRYPOINT", &*config.entrypoint});
    }
    if (config.command) {
        check_start(review, {"CMD", &*config.command});
    }
    if (config.health_check && !config.health_check->none) {
        check_start(review, {"HEALTHCHECK", &config.health_check->command});
    }
}

} // namespace pare::audit
