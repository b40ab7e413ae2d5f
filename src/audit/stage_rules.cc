// SPDX-License-Identifier: Apache-2.0
#include "audit/dockerfile_rules.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <map>

namespace pare::audit {

using namespace dockerfile;

namespace {

void check_name(Review& review, const Stage& stage) {
    if (!stage.from.name) {
        return;
    }
    const Word& name = *stage.from.name;
    if (is_one_of(name.text, {"scratch", "context"})) {
        review.report("stage-name-taken", name.range, fmt::format("{} is reserved", name.text));
    } else if (find_stage(review.build, name.text, stage.index)) {
        review.report(
            "stage-name-taken", name.range,
            fmt::format("there is another stage {} above", name.text));
    }
}

/// One that starts something is meant to be built by itself, with --target.
void check_needed(Review& review, const Stage& stage) {
    const bool is_target = stage.config.entrypoint || stage.config.command;
    if (!review.build.needed[stage.index] && !is_target) {
        review.report(
            "unused-stage", stage.from.name ? stage.from.name->range : stage.instruction->range,
            fmt::format(
                "the stage {} is not needed by {}",
                stage.name.empty() ? std::to_string(stage.index) : stage.name,
                review.final_stage().name.empty() ? "the last one" : review.final_stage().name));
    }
}

void check_sources_of(Review& review, const Stage& stage, const std::vector<std::string>& names) {
    for (const Step& step : stage.steps) {
        const Copy* copy = std::get_if<Copy>(&step.command);
        if (copy == nullptr || !copy->from || step.source_stage) {
            continue;
        }
        const std::string& from = copy->from->text;
        const auto number = parse_number(from);
        const auto close = nearest(from, names);
        if (contains(from, "$")) {
            review.report(
                "unknown-stage", copy->from->range,
                fmt::format("--from does not expand variables, as in {}", from));
        } else if (number) {
            review.report(
                "unknown-stage", copy->from->range, fmt::format("there is no stage {}", from));
        } else if (close && !contains_any(from, {"/", ":", "@"})) {
            review.report(
                "unknown-stage", copy->from->range,
                fmt::format("there is no stage {}; did you mean {}?", from, *close));
        }
    }
}

void check_repeated(Review& review, const Stage& stage) {
    std::map<std::string, const Instruction*> last;
    for (const Step& step : stage.steps) {
        const std::string& keyword = step.instruction->keyword;
        if (!is_one_of(keyword, {"cmd", "entrypoint", "healthcheck"})) {
            continue;
        }
        const Instruction*& earlier = last[keyword];
        if (earlier != nullptr) {
            review.report(
                "repeated-instruction", earlier->range,
                fmt::format(
                    "{} is replaced in line {}", earlier->written.text,
                    step.instruction->range.begin.line));
        }
        earlier = step.instruction;
    }
}

void check_workdir(Review& review, const Stage& stage) {
    const bool parent_is_absolute =
        stage.parent && review.build.stages[*stage.parent].config.workdir.starts_with('/');
    bool absolute = parent_is_absolute || review.base(stage.index).origin == Origin::scratch;
    for (const Step& step : stage.steps) {
        const Workdir* workdir = std::get_if<Workdir>(&step.command);
        if (workdir == nullptr) {
            continue;
        }
        absolute = absolute || workdir->path.text.starts_with('/');
        if (!absolute) {
            review.report(
                "relative-workdir", workdir->path.range,
                fmt::format("{} is below the working directory of the base", workdir->path.text));
        }
    }
}

} // namespace

void check_stages(Review& review) {
    std::vector<std::string> names;
    for (const Stage& stage : review.build.stages) {
        if (!stage.name.empty()) {
            names.push_back(stage.name);
        }
    }
    for (const Stage& stage : review.build.stages) {
        check_name(review, stage);
        check_needed(review, stage);
        check_sources_of(review, stage, names);
        check_repeated(review, stage);
        check_workdir(review, stage);
    }
}

} // namespace pare::audit
